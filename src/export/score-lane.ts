import { Lane, type LaneItem, type LaneOptions } from "./lane";
import type { SpoolRecord } from "./spool/spool";

/** A score on its way to one endpoint: the JSON text of a `score-create` event. */
export interface ScoreItem extends LaneItem {
  readonly body: Buffer;
}

export type ScoreLaneOptions = Pick<
  LaneOptions<ScoreItem>,
  "limits" | "send" | "openSpool" | "endpoint" | "diagnostics" | "onEvent"
>;

const NOTHING = Buffer.alloc(0);

export function createScoreLane(options: ScoreLaneOptions): Lane<ScoreItem> {
  return new Lane<ScoreItem>({
    ...options,
    signal: "scores",
    shrink: () => undefined,
    describe: () => "a score",
    toRecord: ({ body }) => toScoreRecord(body),
    fromRecord: ({ body, ticket }) => createScoreItem(body, ticket),
  });
}

export function toScoreRecord(body: Buffer): SpoolRecord {
  return { kind: "score", body, traceAttributes: NOTHING, isRoot: true, traceId: "" };
}

export function createScoreItem(body: Buffer, ticket: LaneItem["ticket"]): ScoreItem {
  return { body, ticket, byteLength: body.length, isRoot: true, sequence: 0 };
}
