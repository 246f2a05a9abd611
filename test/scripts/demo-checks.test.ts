import { describe, expect, it } from "vitest";
import { type Evidence, findMissing } from "../../scripts/demo-checks";
import type { FlushReport } from "../../src/diagnostics/stats";
import type { SessionDetail, Turn } from "../../src/studio/api/types";
import { makeObservation, makeScore, makeSession, makeTurn } from "../cli/session-fixtures";

const FAILURE = "package-lock.json has 150494 bytes; attachments may have up to 65536.";

function makeReport(fields: Partial<FlushReport> = {}): FlushReport {
  const counts = { offered: 15, delivered: 15, rejected: 0, dropped: 0, pending: 0 };
  const scores = { ...counts, offered: 1, delivered: 1, reasons: {} };
  const books = { ...counts, bytes: counts, reasons: {}, spooled: 0, scores };
  return { ...books, isComplete: true, isAllDelivered: true, durationMs: 3, ...fields };
}

/** A turn with a root and a generation, ids made from the trace id. */
function makeAnswered(traceId: string, sessionId: string): Turn {
  const generation = makeObservation({
    id: `${traceId}-generation`,
    parentId: `${traceId}-root`,
    type: "generation",
    model: "gpt-4o-mini",
    tokens: { input: 100, output: 20, total: 120 },
    timeToFirstTokenMs: 80,
  });
  const observations = [makeObservation({ id: `${traceId}-root` }), generation];
  return makeTurn({ traceId, sessionId, observations });
}

function makeFailed(traceId: string, sessionId: string): Turn {
  const failed = { level: "ERROR", statusMessage: FAILURE } as const;
  const observations = [makeObservation({ id: `${traceId}-root`, ...failed })];
  return makeTurn({ traceId, sessionId, output: null, observations, ...failed });
}

/** Two sessions of four turns, the last of them failed: fifteen observations. */
function makeEvidence(change: (turns: Turn[]) => void = () => {}): Evidence {
  const turns = ["a", "b"].flatMap((session) =>
    [1, 2, 3, 4].map((number) => makeAnswered(`${session}${number}`, session)),
  );
  turns[0] = { ...makeAnswered("a1", "a"), scores: [makeScore()] };
  turns[7] = makeFailed("b4", "b");
  change(turns);
  const session = (id: string): SessionDetail =>
    makeSession(
      turns.filter((turn) => turn.sessionId === id),
      { id },
    );
  return {
    exitCode: 0,
    result: { report: makeReport(), traceIds: ["a1", "a2", "a3", "a4", "b1", "b2", "b3"] },
    sessions: [session("a"), session("b")],
    observations: turns.flatMap(({ traceId, sessionId, observations }) =>
      observations.map(({ id }) => ({ id, traceId, sessionId })),
    ),
  };
}

describe("findMissing", () => {
  it("finds nothing when all arrived as it should", () => {
    expect(findMissing(makeEvidence())).toEqual([]);
  });

  it.each<[string, Evidence, string[]]>([
    [
      "an example that failed",
      { ...makeEvidence(), exitCode: 1 },
      ["The example ended with exit code 1, expected 0."],
    ],
    [
      "an example that was ended by a signal before it told",
      { ...makeEvidence(), exitCode: null, result: undefined },
      [
        "The example ended with exit code null, expected 0.",
        "The example ended without its delivery report.",
      ],
    ],
    [
      "spans that were not delivered",
      {
        ...makeEvidence(),
        result: { report: makeReport({ offered: 17, dropped: 2 }), traceIds: [] },
      },
      ["Of 17 spans 15 were delivered (0 rejected, 2 dropped, 0 pending)."],
    ],
    [
      "an observation that the studio does not have",
      { ...makeEvidence(), observations: makeEvidence().observations.slice(1) },
      ["The studio has 14 observations, expected 15."],
    ],
    [
      "a session that is not there",
      (({ sessions, ...rest }) => ({ ...rest, sessions: sessions.slice(0, 1) }))(
        makeEvidence((turns) => {
          turns[3] = makeFailed("a4", "a");
        }),
      ),
      expect.arrayContaining(["The studio has 1 sessions, expected 2."]),
    ],
    [
      "a session with too few turns",
      {
        ...makeEvidence(),
        sessions: makeEvidence().sessions.map((detail) => ({
          ...detail,
          turns: detail.turns.filter(({ traceId }) => traceId !== "a4"),
        })),
        observations: makeEvidence().observations.map((row) =>
          row.traceId === "a4" ? { ...row, traceId: "a3" } : row,
        ),
      },
      [
        "Session a has 3 turns, expected 4 or more.",
        "Trace a4 was answered, but is in no session.",
      ],
    ],
    [
      "two users in one session",
      {
        ...makeEvidence(),
        sessions: makeEvidence().sessions.map((detail) => ({
          ...detail,
          session: { ...detail.session, userIds: ["ada", "grace"] },
        })),
      },
      ["Session a has 2 users, expected 1.", "Session b has 2 users, expected 1."],
    ],
    [
      "an observation without a session id",
      {
        ...makeEvidence(),
        observations: makeEvidence().observations.map((row) =>
          row.id === "a2-generation" ? { ...row, sessionId: null } : row,
        ),
      },
      ["Observation a2-generation of trace a2 carries no session id."],
    ],
    [
      "an observation with the session id of the other conversation",
      {
        ...makeEvidence(),
        observations: makeEvidence().observations.map((row) =>
          row.id === "a2-generation" ? { ...row, sessionId: "b" } : row,
        ),
      },
      ["Observation a2-generation carries the session id b, its trace a."],
    ],
    [
      "an answer that is not there",
      makeEvidence((turns) => {
        turns[1] = { ...makeAnswered("a2", "a"), output: null };
      }),
      ["Trace a2 was answered, but has no output."],
    ],
    [
      "a turn that fails without being meant to",
      makeEvidence((turns) => {
        const turn = makeAnswered("a2", "a");
        turns[1] = { ...turn, level: "ERROR", statusMessage: "fetch failed" };
      }),
      [`Exactly one turn fails, for its attachment; failed turns: fetch failed; ${FAILURE}.`],
    ],
    [
      "a turn that was meant to fail and did not",
      makeEvidence((turns) => {
        turns[7] = { ...makeFailed("b4", "b"), level: "DEFAULT" };
      }),
      [
        "Exactly one turn fails, for its attachment; failed turns: none.",
        "Trace b4 has no generation.",
      ],
    ],
    [
      "a generation without model, tokens and time to first token",
      makeEvidence((turns) => {
        const [root, generation] = makeAnswered("a2", "a").observations;
        if (root === undefined || generation === undefined) return;
        const bare = makeObservation({ id: generation.id, type: "generation" });
        turns[1] = { ...makeAnswered("a2", "a"), observations: [root, bare] };
      }),
      ["Generation a2-generation has no model, no token counts, no time to first token."],
    ],
    [
      "a score that is not there",
      makeEvidence((turns) => {
        turns[0] = makeAnswered("a1", "a");
      }),
      ["The studio has 0 scores on the turns, the example gave 1."],
    ],
  ])("finds %s", (_, evidence, expected) => {
    expect(findMissing(evidence)).toEqual(expected);
  });
});
