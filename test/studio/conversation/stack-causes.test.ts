import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitStack } from "../../../src/studio/conversation/stack-causes";

describe("splitStack", () => {
  it("parts an error from those that caused it", () => {
    const stack =
      "Error: no answer\n    at ask (a.ts:1:2)\nCaused by: TypeError: fetch failed\n    at b";
    expect(splitStack(stack)).toEqual([
      { title: null, text: "Error: no answer\n    at ask (a.ts:1:2)" },
      {
        title: "Caused by: TypeError: fetch failed",
        text: "Caused by: TypeError: fetch failed\n    at b",
      },
    ]);
  });

  it("parts the errors of an aggregate, and the tracebacks of Python", () => {
    const titles = (stack: string) => splitStack(stack).map((part) => part.title);
    expect(titles("AggregateError: x\nContaining: Error: a\nContaining: Error: b")).toEqual([
      null,
      "Containing: Error: a",
      "Containing: Error: b",
    ]);
    const cause = "The above exception was the direct cause of the following exception:";
    expect(titles(`Traceback\nKeyError: 1\n\n${cause}\n\nTraceback\nValueError: 2`)).toEqual([
      null,
      cause,
    ]);
  });

  it("keeps every character of any text", () => {
    const line = fc.oneof(fc.string(), fc.constant("Caused by: x"), fc.constant("Containing: y"));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const stack = lines.join("\n");
        const parts = splitStack(stack).map((part) => part.text);
        expect(parts.join("\n")).toBe(stack);
      }),
    );
  });
});
