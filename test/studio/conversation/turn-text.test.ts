import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/studio/api/types";
import { chatMessages } from "../../../src/studio/conversation/chat-messages";
import {
  splitTurnInput,
  turnAssistantText,
  turnUserText,
  withoutKnownFields,
} from "../../../src/studio/conversation/turn-text";

const history: JsonValue = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "first" },
  { role: "assistant", content: "one" },
  { role: "user", content: "second" },
];

describe("splitTurnInput", () => {
  it("parts system prompt, history and what is new", () => {
    const { system, earlier, current } = splitTurnInput(chatMessages(history, "input") ?? []);
    expect(system.map((message) => message.role)).toEqual(["system"]);
    expect(earlier.map((message) => message.role)).toEqual(["user", "assistant"]);
    expect(current.map((message) => message.role)).toEqual(["user"]);
  });

  it("counts the tool calls since the last user message as new", () => {
    const messages = chatMessages(
      [
        { role: "user", content: "q" },
        { role: "assistant", tool_calls: [{ id: "1", function: { name: "f", arguments: "{}" } }] },
        { role: "tool", tool_call_id: "1", content: "r" },
      ],
      "input",
    );
    const { earlier, current } = splitTurnInput(messages ?? []);
    expect(earlier).toEqual([]);
    expect(current.map((message) => message.role)).toEqual(["user", "assistant", "tool"]);
  });

  it("takes user messages in a row together", () => {
    const messages = chatMessages(
      [
        { role: "assistant", content: "hello" },
        { role: "user", content: "one" },
        { role: "user", content: "two" },
      ],
      "input",
    );
    expect(splitTurnInput(messages ?? []).current).toHaveLength(2);
  });
});

describe("turnUserText", () => {
  it("is the last user message of a list", () => {
    expect(turnUserText(history)).toBe("second");
  });

  it("is null without input", () => {
    expect(turnUserText(null)).toBeNull();
    expect(turnUserText("")).toBeNull();
  });

  it("is the JSON, shortened, when there is no text", () => {
    expect(turnUserText({ label: "x", list: [1, null] })).toBe('{"label":"x","list":[1,null]}');
    expect(turnUserText({ numbers: Array.from({ length: 9_000 }, () => 1) })).toHaveLength(2_001);
  });
});

describe("turnAssistantText", () => {
  it("is the last assistant message with words", () => {
    const output = [
      { role: "assistant", content: "Let me look.", tool_calls: [] },
      { role: "tool", tool_call_id: "1", content: "r" },
      { role: "assistant", content: "Here." },
    ];
    expect(turnAssistantText(output)).toBe("Here.");
  });

  it("names the tool call when nothing was said", () => {
    const call = { id: "1", type: "function", function: { name: "find", arguments: '{"id":7}' } };
    expect(turnAssistantText({ role: "assistant", content: null, tool_calls: [call] })).toBe(
      'find({"id":7})',
    );
  });
});

describe("turn texts", () => {
  it("return a text that is not blank, or null, for any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // fast-check's JSON type allows what ours does, mutable.
        for (const text of [
          turnUserText(value as JsonValue),
          turnAssistantText(value as JsonValue),
        ]) {
          if (text !== null) expect(text.trim()).not.toBe("");
        }
      }),
    );
  });

  it("return for JSON nested 20,000 deep", () => {
    const value: JsonValue = JSON.parse("[".repeat(20_000) + "]".repeat(20_000));
    expect(turnUserText(value)).toBe(`${"[".repeat(64)}…${"]".repeat(64)}`);
  });
});

describe("withoutKnownFields", () => {
  it("leaves out the session id and keeps what is new", () => {
    const input = { question: "why?", sessionId: "s-1", locale: "en" };
    const messages = chatMessages(input, "input") ?? [];
    expect(withoutKnownFields(messages, ["s-1"])[0]?.parts).toEqual([
      { kind: "text", text: "why?" },
      { kind: "fields", value: { locale: "en" } },
    ]);
    expect(withoutKnownFields(messages, ["s-1", "en"])[0]?.parts).toEqual([
      { kind: "text", text: "why?" },
    ]);
  });
});
