import { Lane, type LaneItem, type LaneOptions } from "./lane";

/** A score on its way to one endpoint: the JSON text of a `score-create` event. */
export interface ScoreItem extends LaneItem {
  readonly body: Buffer;
}

export type ScoreLaneOptions = Pick<
  LaneOptions<ScoreItem>,
  "limits" | "send" | "openSpool" | "diagnostics" | "onEvent"
>;

const NOTHING = Buffer.alloc(0);

export function createScoreLane(options: ScoreLaneOptions): Lane<ScoreItem> {
  return new Lane<ScoreItem>({
    ...options,
    signal: "scores",
    shrink: () => undefined,
    describe: () => "a score",
    toRecord: ({ body }) => ({
      kind: "score",
      body,
      traceAttributes: NOTHING,
      isRoot: true,
      traceId: "",
    }),
    fromRecord: ({ body, ticket }) => createScoreItem(body, ticket),
  });
}

export function createScoreItem(body: Buffer, ticket: LaneItem["ticket"]): ScoreItem {
  return { body, ticket, byteLength: body.length, isRoot: true, sequence: 0 };
}
