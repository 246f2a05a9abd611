/**
 * What the Langfuse-compatible API (`/api/public/*`) answers. Times are ISO 8601 with
 * milliseconds, latencies seconds.
 *
 * The studio keeps no time of receipt: `createdAt` is the start, `updatedAt` the end.
 * Spec: https://api.reference.langfuse.com
 */

import type { ObservationLevel } from "../../attributes/observation-types";
import type { PublicScoreV1 } from "./public-score-types";
import type { JsonObject, JsonValue } from "./types";

export interface PublicSession {
  readonly id: string;
  readonly createdAt: string;
  readonly projectId: string;
  readonly environment: string;
}

export interface PublicSessionWithTraces extends PublicSession {
  /** All of them, oldest first. */
  readonly traces: readonly PublicTrace[];
}

/** A page of a list whose pages are numbered. */
export interface PublicPage<Row> {
  readonly data: readonly Row[];
  readonly meta: {
    /** From 1. */
    readonly page: number;
    readonly limit: number;
    readonly totalItems: number;
    readonly totalPages: number;
  };
}

export type PublicSessionList = PublicPage<PublicSession>;

export interface PublicTrace {
  readonly id: string;
  readonly externalId: null;
  readonly timestamp: string;
  readonly name: string | null;
  readonly userId: string | null;
  readonly metadata: JsonObject;
  readonly release: string | null;
  readonly version: string | null;
  readonly projectId: string;
  readonly environment: string;
  readonly public: boolean;
  readonly bookmarked: false;
  readonly tags: readonly string[];
  /** Of the root observation, parsed where it is JSON. */
  readonly input: JsonValue;
  readonly output: JsonValue;
  readonly sessionId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Groups of fields that `fields` asks for; `core` is always there. */
export const TRACE_FIELD_GROUPS = ["core", "io", "scores", "observations", "metrics"] as const;

export type TraceFieldGroup = (typeof TRACE_FIELD_GROUPS)[number];

/** Of a group that was not asked for, input, output, metadata and lists are empty, figures -1. */
interface PublicTraceFigures extends PublicTrace {
  readonly htmlPath: string;
  readonly latency: number;
  readonly totalCost: number;
}

export interface PublicTraceInList extends PublicTraceFigures {
  /** Ids. */
  readonly observations: readonly string[];
  readonly scores: readonly string[];
}

export interface PublicTraceWithDetails extends PublicTraceFigures {
  readonly observations: readonly PublicObservation[];
  readonly scores: readonly PublicScoreV1[];
}

export interface PublicObservation {
  readonly id: string;
  readonly traceId: string;
  readonly projectId: string;
  readonly type: string;
  readonly name: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly completionStartTime: string | null;
  readonly parentObservationId: string | null;
  readonly level: ObservationLevel;
  readonly statusMessage: string | null;
  readonly version: string | null;
  readonly environment: string;
  readonly input: JsonValue;
  readonly output: JsonValue;
  readonly metadata: JsonObject;
  readonly model: string | null;
  readonly modelId: string | null;
  readonly modelParameters: JsonObject;
  readonly usage: {
    readonly unit: "TOKENS";
    readonly input: number;
    readonly output: number;
    readonly total: number;
  };
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly costDetails: Readonly<Record<string, number>>;
  readonly inputPrice: null;
  readonly outputPrice: null;
  readonly totalPrice: null;
  readonly calculatedInputCost: number | null;
  readonly calculatedOutputCost: number | null;
  readonly calculatedTotalCost: number | null;
  readonly promptId: null;
  readonly promptName: string | null;
  readonly promptVersion: number | null;
  readonly latency: number;
  readonly timeToFirstToken: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Groups of fields that `fields` asks for; `core` is always there. */
export const OBSERVATION_FIELD_GROUPS = [
  "core",
  "basic",
  "time",
  "io",
  "metadata",
  "model",
  "usage",
  "prompt",
  "metrics",
  "trace_context",
] as const;

export type ObservationFieldGroup = (typeof OBSERVATION_FIELD_GROUPS)[number];

/** `GET /api/public/v2/observations`: which of the optional fields are there, `fields` decides. */
export interface PublicObservationV2 {
  readonly id: string;
  readonly traceId: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly projectId: string;
  readonly parentObservationId: string | null;
  readonly type: string;

  readonly name?: string;
  readonly level?: ObservationLevel;
  readonly statusMessage?: string | null;
  readonly version?: string | null;
  readonly environment?: string;
  readonly bookmarked?: false;
  readonly public?: boolean;
  readonly userId?: string | null;
  readonly sessionId?: string | null;
  readonly isRootObservation?: boolean;

  readonly completionStartTime?: string | null;
  readonly createdAt?: string;
  readonly updatedAt?: string;

  /** Text as captured, never parsed. */
  readonly input?: string | null;
  readonly output?: string | null;

  readonly metadata?: JsonObject;

  readonly model?: string | null;
  readonly internalModelId?: string | null;
  readonly modelParameters?: JsonObject;

  readonly usageDetails?: Readonly<Record<string, number>>;
  readonly costDetails?: Readonly<Record<string, number>>;
  readonly totalCost?: number | null;
  readonly usagePricingTierName?: null;

  readonly promptId?: null;
  readonly promptName?: string | null;
  readonly promptVersion?: number | null;

  readonly latency?: number;
  readonly timeToFirstToken?: number | null;

  readonly tags?: readonly string[];
  readonly release?: string | null;
  readonly traceName?: string | null;

  /** Whose prices gave the cost; null where it was sent. */
  readonly modelId: string | null;
  readonly inputPrice: null;
  readonly outputPrice: null;
  readonly totalPrice: null;
}

export interface PublicObservationV2List {
  readonly data: readonly PublicObservationV2[];
  readonly meta: { readonly cursor?: string };
}

export interface PublicProjectList {
  readonly data: readonly {
    readonly id: string;
    readonly name: string;
    readonly organization: { readonly id: string; readonly name: string };
    readonly metadata: JsonObject;
  }[];
}

export interface PublicHealth {
  readonly status: "OK";
  /** Of playhead. */
  readonly version: string;
}

/** Answer to `POST /media`. */
export interface PublicMediaUpload {
  readonly mediaId: string;
  /** Null when the content is there already. */
  readonly uploadUrl: string | null;
}

export interface PublicMedia {
  readonly mediaId: string;
  readonly contentType: string;
  readonly contentLength: number;
  readonly uploadedAt: string;
  readonly url: string;
  readonly urlExpiry: string;
}
