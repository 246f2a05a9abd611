import { describe, expect, it } from "vitest";
import { renderTranscript } from "../../src/cli/transcript";
import { textWidth } from "../../src/cli/transcript-text";
import type { SessionDetail } from "../../src/studio/api/types";
import { formatClockTime } from "../../src/studio/conversation/format";
import { makeObservation, makeScore, makeSession, makeTurn } from "./session-fixtures";

const ESCAPE = "\u001b";

function render(detail: SessionDetail, columns = 80): string {
  return renderTranscript(detail, { columns, colors: false });
}

function linesOf(detail: SessionDetail, columns = 80): string[] {
  return render(detail, columns).trimEnd().split("\n");
}

describe("the header", () => {
  it("names the session, its users, length, models, tokens, cost, errors and scores", () => {
    const detail = makeSession([makeTurn()], {
      id: "chat-42",
      userIds: ["ada", "grace"],
      models: ["gpt-4o-mini"],
      tokens: { input: 12_345, output: 512, total: 12_857 },
      totalCost: 0.0021,
      errorCount: 2,
      scores: [
        { name: "helpful", dataType: "BOOLEAN", count: 3, mean: 2 / 3 },
        { name: "solved", dataType: "BOOLEAN", count: 1, mean: 0 },
        { name: "stars", dataType: "NUMERIC", count: 2, mean: 4.5 },
      ],
    });
    expect(linesOf(detail, 100).slice(0, 4)).toEqual([
      "Session chat-42",
      "━".repeat(100),
      "ada, grace · 1 turn · 6.50 s · gpt-4o-mini · 12,345 → 512 tokens · $0.0021 · 2 errors ·",
      "helpful 67 % true · solved false · stars 4.5",
    ]);
  });

  it("leaves out what is not known", () => {
    const detail = makeSession([makeTurn()], { userIds: [] });
    expect(linesOf(detail)[2]).toBe("1 turn · 6.50 s · 0 → 0 tokens");
  });

  it("counts failed turns rather than the observations an error passed through", () => {
    const failed = makeTurn({ level: "ERROR" });
    const detail = makeSession([makeTurn(), failed], { userIds: [], errorCount: 2 });
    expect(linesOf(detail)[2]).toBe("2 turns · 6.50 s · 0 → 0 tokens · 1 turn failed");
  });

  it("shows the scores of the session itself with their comments", () => {
    const detail = { ...makeSession([]), scores: [makeScore({ value: 4.5, comment: "Fine" })] };
    expect(linesOf(detail).slice(3)).toEqual(["  score      user-feedback 4.5 “Fine”"]);
  });
});

describe("a turn", () => {
  it("shows number, name, time, question, answer, score and tree", () => {
    const turn = makeTurn({ scores: [makeScore({ comment: "Thanks" })] });
    expect(linesOf(makeSession([turn]), 60).slice(4)).toEqual([
      `── 1 ── support-turn ────────────────── ${formatClockTime(turn.startedAt)} · 1.00 s ──`,
      "  user       Does it run on Node 18?",
      "  assistant  No, it needs Node 20.9 or later.",
      "  score      user-feedback true “Thanks”",
      "",
      "    handle-message  span          1.00 s  ━━━━━━━━━━━━━━━━━━",
    ]);
  });

  it("reads chat messages: the last question of the input, the text of the answer", () => {
    const turn = makeTurn({
      input: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "First?" },
        { role: "assistant", content: "Yes." },
        { role: "user", content: "Second?" },
      ],
      output: { role: "assistant", content: "No." },
    });
    expect(linesOf(makeSession([turn])).slice(5, 7)).toEqual([
      "  user       Second?",
      "  assistant  No.",
    ]);
  });

  it("says what failed in place of the answer", () => {
    const turn = makeTurn({
      output: null,
      level: "ERROR",
      statusMessage: "The file is too large.",
    });
    expect(linesOf(makeSession([turn])).slice(5, 7)).toEqual([
      "  user       Does it run on Node 18?",
      "  failed     The file is too large.",
    ]);
  });

  it("wraps an answer at the width and keeps its code as it is, without the fences", () => {
    const output = `${"word ".repeat(12)}\n\n\n\`\`\`sh\nnpm  install   playhead\n\`\`\``;
    expect(linesOf(makeSession([makeTurn({ output })]), 60).slice(6, 10)).toEqual([
      "  assistant  word word word word word word word word word",
      "             word word word",
      "",
      "               npm  install   playhead",
    ]);
  });

  it("cuts a long answer and says how much is missing", () => {
    const output = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join("\n");
    const lines = linesOf(makeSession([makeTurn({ output })]));
    expect(lines.slice(19, 21)).toEqual(["             line 14", "             … 26 more lines"]);
  });

  it("marks a long silence before it", () => {
    const first = makeTurn({ endedAt: "2026-11-22T10:00:00.000000Z" });
    const second = makeTurn({ startedAt: "2026-11-22T10:12:00.000000Z" });
    expect(linesOf(makeSession([first, second]))).toContain("  … 12 min later …");
  });
});

describe("the tree", () => {
  const root = makeObservation({ type: "agent" });

  it("draws branches, bars with the wait for the first token, and a generation's facts", () => {
    const turn = makeTurn({
      observations: [
        root,
        makeObservation({
          id: "a",
          parentId: "root",
          name: "search",
          type: "retriever",
          durationMs: 2,
        }),
        makeObservation({
          id: "b",
          parentId: "root",
          name: "chat",
          type: "generation",
          startedAt: "2026-11-22T10:00:00.500000Z",
          startOffsetMs: 500,
          durationMs: 500,
          timeToFirstTokenMs: 250,
          model: "gpt-4o-mini",
          tokens: { input: 812, output: 40, total: 852 },
          totalCost: 0.0002,
        }),
        makeObservation({
          id: "c",
          parentId: "b",
          name: "cache-hit",
          type: "event",
          durationMs: 0,
        }),
      ],
    });
    expect(linesOf(makeSession([turn]), 80).slice(8)).toEqual([
      "    handle-message  agent         1.00 s  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━",
      "    ├ search        retriever       2 ms  ━",
      "    └ chat          generation    500 ms                     ──────────━━━━━━━━━",
      "      │ gpt-4o-mini · 812 → 40 tokens · first token after 250 ms · $0.0002",
      "      └ cache-hit   event           0 ms  ━",
    ]);
  });

  it("shows an error once, where it began", () => {
    const failed = { level: "ERROR", statusMessage: "No such file" } as const;
    const turn = makeTurn({
      ...failed,
      output: null,
      observations: [
        makeObservation({ ...failed }),
        makeObservation({ ...failed, id: "a", parentId: "root", name: "read", type: "tool" }),
      ],
    });
    const text = render(makeSession([turn]));
    expect(text.match(/✗ No such file/g)).toHaveLength(1);
    expect(text).toMatch(/└ read .*\n {8}✗ No such file/);
  });

  it("takes the exception's words where a failed observation has no status message", () => {
    const exceptions = [{ type: "RangeError", message: "out of range", stacktrace: null }];
    const turn = makeTurn({ observations: [makeObservation({ level: "ERROR", exceptions })] });
    expect(render(makeSession([turn]))).toContain("✗ out of range");
  });

  it("counts what is past sixty observations instead of listing it", () => {
    const children = Array.from({ length: 70 }, (_, index) =>
      makeObservation({ id: `child-${index}`, parentId: "root", name: `step-${index}` }),
    );
    const text = render(makeSession([makeTurn({ observations: [root, ...children] })]));
    expect(text).toContain("… 11 more observations");
    expect(text.match(/step-\d+/g)).toHaveLength(59);
  });

  it("stays within the width at any depth", () => {
    const chain = Array.from({ length: 50 }, (_, index) =>
      makeObservation({ id: `${index}`, parentId: index === 0 ? null : `${index - 1}` }),
    );
    const lines = linesOf(makeSession([makeTurn({ observations: chain })]), 60);
    expect(Math.max(...lines.map(textWidth))).toBe(60);
  });
});

describe("hostile and odd content", () => {
  it("prints no control character, escape sequence or direction mark wherever it was captured", () => {
    const evil = `${ESCAPE}[2J${ESCAPE}]0;title\u0007a\u0000\u0008\u009b31mb\u202Ec\rd`;
    const turn = makeTurn({
      name: evil,
      input: evil,
      output: `${evil}\n\`\`\`\n${evil}\n\`\`\``,
      level: "ERROR",
      statusMessage: evil,
      observations: [
        makeObservation({ name: evil, model: evil, level: "ERROR", statusMessage: evil }),
      ],
      scores: [makeScore({ name: evil, value: evil, comment: evil })],
    });
    const text = render(
      makeSession([turn], {
        id: evil,
        userIds: [evil],
        models: [evil],
        scores: [{ name: evil, dataType: "NUMERIC", count: 1, mean: 1 }],
      }),
    );
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });

  it("counts wide characters as two cells when it wraps", () => {
    const lines = linesOf(makeSession([makeTurn({ output: "日本語".repeat(20) })]), 60);
    expect(lines.slice(6, 9).map((line) => textWidth(line.slice(13)))).toEqual([46, 46, 28]);
  });

  it("breaks a word of a million characters without reading it again for each line", () => {
    const lines = linesOf(makeSession([makeTurn({ output: "x".repeat(1_000_000) })]), 60);
    expect(lines.slice(6, 21)).toEqual([
      `  assistant  ${"x".repeat(47)}`,
      ...Array.from({ length: 13 }, () => `             ${"x".repeat(47)}`),
      "             … 21,263 more lines",
    ]);
  });

  it("keeps the width between 60 and 100 whatever the terminal says", () => {
    const widest = (columns: number): number =>
      Math.max(...linesOf(makeSession([makeTurn()]), columns).map(textWidth));
    expect([widest(10), widest(80), widest(400)]).toEqual([60, 80, 100]);
  });
});

describe("colours", () => {
  it("are only in the text when asked for, and change nothing else", () => {
    const detail = makeSession([makeTurn({ scores: [makeScore()] })]);
    const plain = renderTranscript(detail, { columns: 80, colors: false });
    const colored = renderTranscript(detail, { columns: 80, colors: true });
    expect(plain).not.toContain(ESCAPE);
    expect(colored).toContain(ESCAPE);
    const withoutColors = colored
      .split(ESCAPE)
      .map((part, index) => (index === 0 ? part : part.replace(/^\[\d+m/, "")));
    expect(withoutColors.join("")).toBe(plain);
  });
});
