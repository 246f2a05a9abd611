import { describe, expect, it } from "vitest";
import { comparedText } from "../../../../src/studio/conversation/compare/compared-text";

describe("what is compared", () => {
  it("of JSON that is no message is all of it, however long", () => {
    const value = {
      rows: Array.from({ length: 400 }, (_, row) => ({ row, text: "x".repeat(20) })),
    };
    const text = comparedText(value, "output");
    expect(JSON.parse(text ?? "")).toEqual(value);
  });

  it("of an answer are its words and the whole of its tool calls", () => {
    const call = (city: string) => ({
      role: "assistant",
      content: "One moment.",
      tool_calls: [
        {
          id: "1",
          type: "function",
          function: { name: "weather", arguments: JSON.stringify({ note: "n".repeat(300), city }) },
        },
      ],
    });
    const [bern, oslo] = [
      comparedText(call("Bern"), "output"),
      comparedText(call("Oslo"), "output"),
    ];
    expect(bern).toContain("One moment.");
    expect(bern).toContain("weather(");
    expect(bern).toContain("Bern");
    expect(bern?.replace("Bern", "Oslo")).toBe(oslo);
  });

  it("of an input is what the user said last, without what was sent along", () => {
    const input = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
      { role: "assistant", content: "Hi" },
      { role: "user", content: "Why late?" },
    ];
    expect(comparedText(input, "input")).toBe("Why late?");
  });

  it.each([null, ""])("of %j is nothing", (value) => {
    expect(comparedText(value, "output")).toBeNull();
  });
});
