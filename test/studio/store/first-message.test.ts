import { describe, expect, it } from "vitest";
import {
  firstUserMessage,
  MAX_FIRST_MESSAGE_LENGTH,
} from "../../../src/studio/store/first-message";

describe("firstUserMessage", () => {
  it.each<[string, unknown, string | null]>([
    [
      "a list of chat messages",
      [
        { role: "system", content: "be kind" },
        { role: "user", content: "hi" },
        { role: "user", content: "again" },
      ],
      "hi",
    ],
    ["messages in an object", { model: "m", messages: [{ role: "user", content: "hi" }] }, "hi"],
    [
      "content in parts",
      [
        {
          role: "user",
          content: [
            { type: "text", text: "look" },
            { type: "image_url", image_url: {} },
            { type: "text", text: "here" },
          ],
        },
      ],
      "look here",
    ],
    [
      "parts of the semantic conventions",
      [{ role: "user", parts: [{ type: "text", content: "hi" }] }],
      "hi",
    ],
    ["a question", { question: "why?", text: "no" }, "why?"],
    ["a query", { query: "find" }, "find"],
    ["an input in an input", { input: { message: "deep" } }, "deep"],
    ["a JSON string", "plain", "plain"],
    ["the arguments of a function with one parameter", [{ question: "why?" }], "why?"],
    ["another object", { a: 1, b: [2] }, '{"a":1,"b":[2]}'],
    [
      "a list without a user",
      [{ role: "assistant", content: "x" }, 5],
      '[{"role":"assistant","content":"x"},5]',
    ],
    ["a number", 5, "5"],
    ["an empty question", { question: "" }, null],
  ])("of %s", (_case, input, expected) => {
    expect(firstUserMessage(JSON.stringify(input))).toBe(expected);
  });

  it("of plain text folds white space", () => {
    expect(firstUserMessage("  two\n\twords ")).toBe("two words");
  });

  it("of nothing is null", () => {
    expect(firstUserMessage("")).toBeNull();
  });

  it("cuts what is too long, and no character in half", () => {
    const cut = firstUserMessage("x".repeat(MAX_FIRST_MESSAGE_LENGTH - 2) + "\u{1f600}".repeat(5));
    expect(cut).toBe(`${"x".repeat(MAX_FIRST_MESSAGE_LENGTH - 2)}…`);
    expect(firstUserMessage("y".repeat(MAX_FIRST_MESSAGE_LENGTH))).toHaveLength(
      MAX_FIRST_MESSAGE_LENGTH,
    );
  });

  it("takes JSON nested beyond measure as text", () => {
    const deep = "[".repeat(100_000);
    expect(firstUserMessage(deep)).toHaveLength(MAX_FIRST_MESSAGE_LENGTH);
  });

  it.each([
    ["@@@langfuseMedia:type=image/png|id=1RaWWR5qZkre7O4I13LQF5|source=bytes@@@", "[image/png]"],
    ["See data:image/svg+xml;base64,PHN2Zz4= please", "See [image/svg+xml] please"],
    [
      JSON.stringify([
        { role: "user", content: "What is @@@langfuseMedia:type=audio/wav|id=a|source=file@@@?" },
      ]),
      "What is [audio/wav]?",
    ],
    ["@@@langfuseMedia:unfinished", "@@@langfuseMedia:unfinished"],
  ])("names media by their type: %s", (input, expected) => {
    expect(firstUserMessage(input)).toBe(expected);
  });

  it("takes time in proportion to a text that is full of beginnings of media", () => {
    const text = "data:image/png;base64,@@@langfuseMedia:type=a/b|".repeat(50_000);
    expect(firstUserMessage(text)).toMatch(/^\[image\/png\]/);
  });
});
