/** What the Langfuse-compatible API answers of scores, their configs, and comments; see public-types.ts. */

import type { CommentObjectType } from "../store/comment-store";
import type { ScoreDataType } from "../store/records";
import type { ScoreCategory, ScoreConfigDataType } from "../store/score-config-store";
import type { JsonObject } from "./types";

/** A score as versions 1 and 2 of the API show it. */
export interface PublicScoreV1 {
  readonly id: string;
  readonly traceId: string | null;
  readonly observationId: string | null;
  readonly projectId: string;
  readonly environment: string;
  readonly name: string;
  readonly dataType: ScoreDataType;
  /** Not of TEXT scores. */
  readonly value?: number;
  /** Not of NUMERIC scores. */
  readonly stringValue?: string;
  readonly source: string;
  readonly comment: string | null;
  readonly metadata: JsonObject;
  readonly authorUserId: null;
  readonly configId: string | null;
  readonly queueId: string | null;
  readonly timestamp: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface PublicScoreV2 extends PublicScoreV1 {
  readonly sessionId: string | null;
  readonly datasetRunId: string | null;
}

/** What the lists say of the trace of a score. */
export interface PublicScoreTrace {
  readonly userId: string | null;
  readonly tags: readonly string[];
  readonly environment: string | null;
  readonly sessionId: string | null;
}

/** Groups of fields that `fields` asks for; `core` is always there. */
export const SCORE_FIELD_GROUPS = ["core", "details", "subject", "annotation"] as const;

export type ScoreFieldGroup = (typeof SCORE_FIELD_GROUPS)[number];

export interface PublicScoreV3 {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly dataType: ScoreDataType;
  readonly value: number | boolean | string;
  readonly source: string;
  readonly timestamp: string;
  readonly environment: string;
  readonly createdAt: string;
  readonly updatedAt: string;

  readonly comment?: string | null;
  readonly configId?: string | null;
  readonly metadata?: JsonObject;

  readonly subject?: {
    readonly kind: "trace" | "observation" | "session" | "experiment";
    readonly id: string;
    /** Of observations. */
    readonly traceId?: string;
  };

  readonly authorUserId?: null;
  readonly queueId?: string | null;
}

export interface PublicScoreListV3 {
  readonly data: readonly PublicScoreV3[];
  readonly meta: { readonly limit: number; readonly cursor?: string };
}

export interface PublicComment {
  readonly id: string;
  readonly projectId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly objectType: CommentObjectType;
  readonly objectId: string;
  readonly content: string;
  readonly authorUserId: string | null;
}

export interface PublicScoreConfig {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly projectId: string;
  readonly dataType: ScoreConfigDataType;
  readonly isArchived: boolean;
  readonly minValue: number | null;
  readonly maxValue: number | null;
  readonly categories: readonly ScoreCategory[] | null;
  readonly description: string | null;
}
