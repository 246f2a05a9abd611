import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/studio/api/types";
import {
  type ChatMessage,
  type ChatPart,
  type ChatRole,
  chatMessages,
  type Direction,
} from "../../../src/studio/conversation/chat-messages";

function text(role: ChatRole, content: string, name: string | null = null): ChatMessage {
  return { role, name, parts: [{ kind: "text", text: content }] };
}

function call(name: string, given: JsonValue, id: string | null): ChatPart {
  return { kind: "tool-call", id, name, arguments: given };
}

function result(content: JsonValue, id: string | null, name: string | null = null): ChatPart {
  return { kind: "tool-result", id, name, content };
}

describe("chatMessages: plain values", () => {
  it("takes a text as the user's in an input and the assistant's in an output", () => {
    expect(chatMessages("hello", "input")).toEqual([text("user", "hello")]);
    expect(chatMessages("hello", "output")).toEqual([text("assistant", "hello")]);
  });

  it.each<JsonValue>([null, "", 3, true, [], {}, [1, 2], { label: "warranty", confidence: 0.9 }])(
    "reads no chat in %j",
    (value) => {
      expect(chatMessages(value, "input")).toBeNull();
      expect(chatMessages(value, "output")).toBeNull();
    },
  );

  it.each(["question", "query", "message", "input", "prompt", "text", "content"])(
    "finds the user's text under %s",
    (key) => {
      expect(chatMessages({ [key]: "why?" }, "input")).toEqual([text("user", "why?")]);
    },
  );

  it.each(["answer", "reply", "response", "output", "message", "content", "text", "result"])(
    "finds the answer under %s",
    (key) => {
      expect(chatMessages({ [key]: "because" }, "output")).toEqual([text("assistant", "because")]);
    },
  );

  it("reads the only argument of a function and the only body of a request", () => {
    expect(chatMessages(["why?"], "input")).toEqual([text("user", "why?")]);
    expect(chatMessages([{ body: { message: "why?" } }], "input")).toEqual([text("user", "why?")]);
  });

  it("keeps what stood beside a text", () => {
    expect(chatMessages({ question: "why?", locale: "en", empty: null }, "input")).toEqual([
      {
        role: "user",
        name: null,
        parts: [
          { kind: "text", text: "why?" },
          { kind: "fields", value: { locale: "en" } },
        ],
      },
    ]);
  });
});

describe("chatMessages: dialects", () => {
  it("reads OpenAI chat messages with tool calls and their results", () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", name: "ann", content: "Where is my order?" },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "c1", type: "function", function: { name: "find", arguments: '{"id":7}' } },
          { id: "c2", type: "function", function: { name: "find", arguments: '{"id":' } },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: "shipped" },
      { role: "assistant", content: "On its way." },
    ];
    expect(chatMessages({ model: "m", messages }, "input")).toEqual([
      text("system", "Be brief."),
      text("user", "Where is my order?", "ann"),
      {
        role: "assistant",
        name: null,
        parts: [call("find", { id: 7 }, "c1"), call("find", '{"id":', "c2")],
      },
      { role: "tool", name: null, parts: [result("shipped", "c1", "find")] },
      text("assistant", "On its way."),
    ]);
  });

  it("reads OpenAI content parts and never an image's address", () => {
    const content = [
      { type: "text", text: "What is this?" },
      { type: "image_url", image_url: { url: "https://evil.example/pixel.png" } },
    ];
    expect(chatMessages([{ role: "user", content }], "input")).toEqual([
      {
        role: "user",
        name: null,
        parts: [
          { kind: "text", text: "What is this?" },
          { kind: "media", label: "image", media: null },
        ],
      },
    ]);
  });

  it("reads the first choice of a completion", () => {
    const completion = {
      id: "x",
      choices: [
        { index: 0, message: { role: "assistant", content: "Hi." }, finish_reason: "stop" },
      ],
      usage: { total_tokens: 3 },
    };
    expect(chatMessages(completion, "output")).toEqual([text("assistant", "Hi.")]);
    expect(chatMessages({ choices: [{ text: "Hi." }] }, "output")).toEqual([
      text("assistant", "Hi."),
    ]);
  });

  it("reads the items of the OpenAI responses API", () => {
    const output = [
      { type: "reasoning", summary: [{ type: "summary_text", text: "Look it up." }] },
      { type: "function_call", call_id: "c1", name: "find", arguments: '{"id":7}' },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Done." }] },
    ];
    expect(chatMessages({ output }, "output")).toEqual([
      { role: "assistant", name: null, parts: [{ kind: "reasoning", text: "Look it up." }] },
      { role: "assistant", name: "find", parts: [call("find", { id: 7 }, "c1")] },
      text("assistant", "Done."),
    ]);
    const input = { instructions: "Be brief.", input: "Hi" };
    expect(chatMessages(input, "input")).toEqual([text("system", "Be brief."), text("user", "Hi")]);
  });

  it("reads Anthropic blocks; a user message of tool results only is the tool's", () => {
    const request = {
      system: "Be brief.",
      messages: [
        { role: "user", content: "Where is it?" },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Look it up." },
            { type: "tool_use", id: "t1", name: "find", input: { id: 7 } },
          ],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "shipped" }] },
      ],
    };
    expect(chatMessages(request, "input")).toEqual([
      text("system", "Be brief."),
      text("user", "Where is it?"),
      {
        role: "assistant",
        name: null,
        parts: [{ kind: "reasoning", text: "Look it up." }, call("find", { id: 7 }, "t1")],
      },
      { role: "tool", name: null, parts: [result("shipped", "t1", "find")] },
    ]);
  });

  it("reads Gemini contents and candidates", () => {
    const contents = [
      { role: "user", parts: [{ text: "Hi" }] },
      { role: "model", parts: [{ functionCall: { name: "find", args: { id: 7 } } }] },
    ];
    expect(chatMessages({ contents }, "input")).toEqual([
      text("user", "Hi"),
      { role: "assistant", name: null, parts: [call("find", { id: 7 }, null)] },
    ]);
    const candidates = [{ content: { role: "model", parts: [{ text: "Hello" }] } }];
    expect(chatMessages({ candidates }, "output")).toEqual([text("assistant", "Hello")]);
  });

  it("reads AI SDK tool parts", () => {
    const messages = [
      {
        role: "assistant",
        content: [{ type: "tool-call", toolCallId: "t1", toolName: "find", input: { id: 7 } }],
      },
      {
        role: "tool",
        content: [{ type: "tool-result", toolCallId: "t1", toolName: "find", output: "shipped" }],
      },
    ];
    expect(chatMessages({ messages }, "input")).toEqual([
      { role: "assistant", name: null, parts: [call("find", { id: 7 }, "t1")] },
      { role: "tool", name: null, parts: [result("shipped", "t1", "find")] },
    ]);
  });

  it("reads LangChain messages, typed and serialised, and generations", () => {
    const serialised = {
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "messages", "HumanMessage"],
      kwargs: { content: "Hi" },
    };
    expect(chatMessages([[serialised, { type: "ai", content: "Hello" }]], "input")).toEqual([
      text("user", "Hi"),
      text("assistant", "Hello"),
    ]);
    expect(chatMessages({ generations: [[{ text: "Hello" }]] }, "output")).toEqual([
      text("assistant", "Hello"),
    ]);
  });

  it("reads OpenTelemetry GenAI parts", () => {
    const messages = [
      { role: "user", parts: [{ type: "text", content: "Hi" }] },
      { role: "assistant", parts: [{ type: "tool_call", id: "t1", name: "find", arguments: {} }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "t1", response: "shipped" }] },
    ];
    expect(chatMessages(messages, "input")).toEqual([
      text("user", "Hi"),
      { role: "assistant", name: null, parts: [call("find", {}, "t1")] },
      { role: "tool", name: null, parts: [result("shipped", "t1", "find")] },
    ]);
  });
});

describe("chatMessages: hostile values", () => {
  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "does not take %s for a role",
    (role) => {
      expect(chatMessages([{ role, contents: 1 }], "input")).toBeNull();
    },
  );

  it("returns for JSON nested 20,000 deep", () => {
    const value: JsonValue = JSON.parse(`${'{"message":['.repeat(20_000)}${"]}".repeat(20_000)}`);
    expect(chatMessages(value, "input")).toBeNull();
    const parts: JsonValue = { role: "user", content: [value] };
    expect(chatMessages([parts], "input")).toEqual([
      { role: "user", name: null, parts: [{ kind: "json", value }] },
    ]);
  });

  it("returns for any JSON, with at least one message or null", () => {
    const key = fc.constantFrom(
      ...["role", "content", "messages", "choices", "message", "parts", "type", "text", "kwargs"],
      ...["tool_calls", "function", "lc", "id", "output", "input", "system", "candidates"],
    );
    const leaf = fc.oneof(
      fc.constantFrom("user", "assistant", "tool", "system", "text", "tool_use", "function_call"),
      fc.string(),
      fc.integer(),
      fc.constant(null),
    );
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(key, tie("value"), { maxKeys: 5 }),
      ),
    }));
    const direction = fc.constantFrom<Direction>("input", "output");
    fc.assert(
      fc.property(value, direction, (given, side) => {
        const messages = chatMessages(given, side);
        if (messages !== null) expect(messages.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
