import { describe, expect, it } from "vitest";
import { replayCues } from "../../src/cli/replay-cues";
import { renderTranscript } from "../../src/cli/transcript";
import { makeObservation, makeSession, makeTurn } from "./session-fixtures";

const OPTIONS = { columns: 80, colors: false };

/** When the first piece with this text is written. */
function timeOf(cues: ReturnType<typeof replayCues>, text: string): number | undefined {
  return cues.find((cue) => cue.text.includes(text))?.atMs;
}

describe("the cues of a replay", () => {
  it("are together the transcript, plus the tools", () => {
    const detail = makeSession([
      makeTurn({ traceId: "a" }),
      makeTurn({ traceId: "b", startedAt: "2026-11-22T10:00:04.000000Z", input: "Why?" }),
    ]);
    const text = replayCues(detail, OPTIONS)
      .map((cue) => cue.text)
      .join("");
    expect(text).toBe(renderTranscript(detail, OPTIONS));
  });

  it("ask when it was asked, show a tool when it had ended, and close with the turn", () => {
    const tool = makeObservation({
      id: "tool",
      parentId: "root",
      type: "tool",
      name: "look-up",
      startOffsetMs: 100,
      durationMs: 300,
    });
    const detail = makeSession([makeTurn({ observations: [makeObservation(), tool] })]);
    const cues = replayCues(detail, OPTIONS);
    expect(timeOf(cues, "Does it run on Node 18?")).toBe(0);
    expect(timeOf(cues, "tool       look-up · 300 ms\n")).toBe(400);
    expect(timeOf(cues, "No,")).toBe(1_000);
    expect(timeOf(cues, "handle-message")).toBe(1_000);
  });

  it("type a streamed answer word by word at its recorded pace", () => {
    const output = "one two three four";
    const streamed = makeObservation({
      type: "generation",
      durationMs: 900,
      timeToFirstTokenMs: 100,
      output,
      // "one " comes after 100 ms, the rest not before 800 ms.
      streamTimeline: [100, 4, 800, 14],
    });
    const cues = replayCues(makeSession([makeTurn({ output, observations: [streamed] })]), OPTIONS);
    const typed = cues.filter(({ text }) => /one|two|three|four/.test(text));
    expect(typed).toEqual([
      { atMs: 100, text: "  assistant  one" },
      { atMs: 800, text: " two" },
      { atMs: 800, text: " three" },
      { atMs: 800, text: " four\n" },
    ]);
  });

  it("shorten silence between turns to two seconds, and keep a shorter one", () => {
    const at = (time: string, question: string) =>
      makeTurn({ traceId: question, startedAt: `2026-11-22T${time}.000000Z`, input: question });
    const detail = makeSession([
      at("10:00:00", "first"),
      at("10:00:02", "second"),
      at("11:00:00", "third"),
    ]);
    const cues = replayCues(detail, OPTIONS);
    expect(timeOf(cues, "second")).toBe(2_000);
    expect(timeOf(cues, "third")).toBe(5_000);
  });

  it("never go back in time, also where turns overlap", () => {
    const detail = makeSession([
      makeTurn({ traceId: "a", durationMs: 5_000 }),
      makeTurn({ traceId: "b", startedAt: "2026-11-22T10:00:01.000000Z", input: "meanwhile" }),
    ]);
    const cues = replayCues(detail, OPTIONS);
    const times = cues.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(timeOf(cues, "meanwhile")).toBe(5_000);
  });
});
