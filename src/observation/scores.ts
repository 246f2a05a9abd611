import { randomUUID } from "node:crypto";
import type { Diagnostics } from "../diagnostics/logger";
import type { FieldReader } from "./field-reader";
import type { ScoreOptions } from "./types";

interface ScoreTools {
  readonly reader: FieldReader;
  readonly diagnostics: Diagnostics;
  /** Environment of scores that do not name one. */
  readonly environment: string | undefined;
}

/**
 * A score as the JSON text of `POST /api/public/scores`. The id is fixed here, so that sending it
 * twice gives one score.
 * @returns undefined, having said why, when it cannot be used
 * Spec: langfuse-contract, section 4
 */
export function serializeScore(score: ScoreOptions, tools: ScoreTools): string | undefined {
  const problem = findProblem(score);
  if (problem !== undefined) {
    tools.diagnostics.warnOnce(`score ${problem}`, `A score is left out: ${problem}.`);
    return undefined;
  }
  const { name, value, traceId, observationId, sessionId, comment, metadata, configId } = score;
  return JSON.stringify({
    id: score.id ?? randomUUID(),
    name,
    value: typeof value === "boolean" ? Number(value) : value,
    dataType: score.dataType ?? inferDataType(value),
    traceId,
    observationId,
    sessionId,
    comment,
    configId,
    environment: score.environment ?? tools.environment,
    metadata: metadata && Object.fromEntries(tools.reader.entries(metadata)),
  });
}

/** Texts where they are given; null, as rows of a database have it, is not given. */
const TEXTS = [
  "id",
  "traceId",
  "observationId",
  "sessionId",
  "comment",
  "configId",
  "environment",
] as const;

function inferDataType(value: number | string | boolean): string {
  if (typeof value === "boolean") return "BOOLEAN";
  return typeof value === "number" ? "NUMERIC" : "CATEGORICAL";
}

function findProblem(score: ScoreOptions): string | undefined {
  const { name, value, dataType, traceId, observationId, sessionId } = score;
  if (typeof name !== "string" || name === "") return "expected name to be a text, got none";
  if (score.id === "") return "expected id to be a text that is not empty";
  for (const field of TEXTS) {
    const given: unknown = score[field];
    const isText = given === undefined || given === null || typeof given === "string";
    if (!isText) return `expected ${field} to be a text, got a value of type ${typeof given}`;
  }
  const isValue = typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  if (!isValue) return "expected value to be a finite number, a text or a boolean";
  if (dataType === "NUMERIC" && typeof value !== "number") {
    return "expected the value of a NUMERIC score to be a number";
  }
  if (dataType === "BOOLEAN" && ![true, false, 0, 1].some((allowed) => allowed === value)) {
    return "expected the value of a BOOLEAN score to be true, false, 0 or 1";
  }
  if (observationId !== undefined && traceId === undefined) {
    return "expected traceId beside observationId";
  }
  if ((traceId === undefined) === (sessionId === undefined)) {
    return "expected either traceId or sessionId";
  }
  return undefined;
}
