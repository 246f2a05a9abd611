import { expect } from "vitest";
import type { Studio } from "../../../../src/studio/server/index";
import { type JsonSpan, otlpJson } from "../../server/spans";

/** A session of one trace, or of one more trace of a session that was sent before. */
export interface SessionFields {
  readonly id: string;
  /** @default now */
  readonly startMs?: number;
  /** @default 1 s */
  readonly durationMs?: number;
  readonly input?: string;
  readonly output?: string;
  readonly user?: string;
  readonly model?: string;
  readonly tags?: readonly string[];
  readonly environment?: string;
  readonly tokens?: { readonly input: number; readonly output: number };
  readonly costUsd?: number;
  readonly error?: string;
}

let traceCount = 0;

/** Sends a generation for each, as any OTLP client does, in one request. */
export async function sendSessions(
  studio: Pick<Studio, "url">,
  ...sessions: readonly SessionFields[]
): Promise<void> {
  const response = await fetch(`${studio.url}/api/public/otel/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: otlpJson(...sessions.map(generationOf)),
  });
  expect(response.status).toBe(200);
}

/** Adds a score to a session. */
export async function sendScore(
  studio: Pick<Studio, "url">,
  score: { readonly sessionId: string; readonly name: string; readonly value: number },
): Promise<void> {
  const response = await fetch(`${studio.url}/api/public/scores`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(score),
  });
  expect(response.status).toBe(200);
}

function generationOf(session: SessionFields): JsonSpan {
  traceCount += 1;
  const { startMs = Date.now() - 1_000, durationMs = 1_000, error } = session;
  return {
    traceId: traceCount.toString(16).padStart(32, "0"),
    spanId: "00000000000000b2",
    name: "reply",
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + durationMs}000000`,
    attributes: definedOnly({
      "session.id": session.id,
      "user.id": session.user,
      "langfuse.environment": session.environment,
      "langfuse.trace.tags": session.tags && JSON.stringify(session.tags),
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": session.model,
      "langfuse.observation.input": session.input,
      "langfuse.observation.output": session.output,
      "langfuse.observation.usage_details": session.tokens && JSON.stringify(session.tokens),
      "langfuse.observation.cost_details":
        session.costUsd === undefined ? undefined : JSON.stringify({ total: session.costUsd }),
    }),
    ...(error !== undefined && { status: { code: 2, message: error } }),
  };
}

function definedOnly(table: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
