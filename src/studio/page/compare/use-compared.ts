import { useCallback } from "preact/hooks";
import type { TraceOutline } from "../../api/detail-types";
import { sessionOutlineApiPath, traceOutlineApiPath } from "../../api/paths";
import type { ChangeEvent, SessionOutline, TokenCounts } from "../../api/types";
import { byImportance } from "../../conversation/turn-summary";
import { turnUserText } from "../../conversation/turn-text";
import { type ReadError, useResource } from "../resource";
import { sessionPath, tracePath } from "../route";
import type { ComparePick } from "./compare-pick";

/** What a turn took, or all of them. */
export interface Figures {
  readonly durationMs: number;
  readonly tokens: TokenCounts;
  readonly totalCost: number | null;
  readonly errorCount: number;
}

export interface ComparedTurn extends Figures {
  readonly traceId: string;
  /** What the user said, cut. */
  readonly message: string | null;
}

/** One of the two that are compared. */
export interface Compared extends Figures {
  readonly id: string;
  readonly path: string;
  readonly title: string;
  readonly models: readonly string[];
  readonly turns: readonly ComparedTurn[];
}

export interface ComparedResource {
  readonly data: Compared | null;
  readonly error: ReadError | null;
  readonly reload: () => void;
}

/** A session or a trace, as far as it is needed to lay it beside another one. */
export function useCompared(kind: ComparePick["kind"], id: string): ComparedResource {
  const isSession = kind === "session";
  const isAffected = useCallback(
    ({ sessionIds, traceIds }: ChangeEvent) => (isSession ? sessionIds : traceIds).includes(id),
    [isSession, id],
  );
  const path = isSession ? sessionOutlineApiPath(id) : traceOutlineApiPath(id);
  const { data, error, reload } = useResource<SessionOutline | TraceOutline>(path, isAffected);
  if (data === null) return { data, error, reload };
  return { data: "session" in data ? comparedSession(data) : comparedTrace(data), error, reload };
}

function comparedSession({ session, turns }: SessionOutline): Compared {
  return {
    id: session.id,
    path: sessionPath(session.id),
    title: session.firstMessage ?? session.id,
    models: byImportance(session.models),
    // What was waited for: the pauses between the turns are the user's.
    durationMs: turns.reduce((sum, turn) => sum + turn.durationMs, 0),
    tokens: session.tokens,
    totalCost: session.totalCost,
    errorCount: session.errorCount,
    turns: turns.map((turn) => ({ ...turn, message: turn.firstMessage })),
  };
}

function comparedTrace(trace: TraceOutline): Compared {
  const { traceId, name, durationMs, tokens, totalCost, errorCount } = trace;
  const message = turnUserText(trace.input);
  const figures = { durationMs, tokens, totalCost, errorCount };
  const models = trace.steps.flatMap(({ model }) => (model === null ? [] : [model]));
  return {
    ...figures,
    id: traceId,
    path: tracePath(traceId),
    title: name ?? message?.slice(0, 200) ?? traceId,
    models: byImportance([...new Set(models)]),
    turns: [{ ...figures, traceId, message }],
  };
}
