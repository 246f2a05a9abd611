import { expect, it } from "vitest";
import type { JsonValue, Turn } from "../../../src/studio/api/types";
import { chatLines } from "../../../src/studio/export-chat/chat-lines";
import { DEEP_JSON, HOSTILE_TEXTS } from "../safety/hostile-content";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

/** The messages of the lines for one turn with this input and output. */
function messagesOf(input: JsonValue, output: JsonValue): unknown[] {
  // All that it reads of a turn.
  const lines = [...chatLines([{ input, output } as Turn])];
  return lines.map((line) => (JSON.parse(line) as { messages: unknown }).messages);
}

it("gives a line for a question and its answer", () => {
  const expected = [
    { role: "user", content: "Will it rain?" },
    { role: "assistant", content: "No." },
  ];
  expect(messagesOf("Will it rain?", "No.")).toEqual([expected]);
  expect(messagesOf("How many?", 42)[0]).toContainEqual({ role: "assistant", content: "42" });
  expect(messagesOf({ question: "Will it rain?", locale: "en" }, { answer: "No." })).toEqual([
    expected,
  ]);
});

it("keeps the system prompt, what was said before, tool calls and their results", () => {
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Will it rain in Paris?" },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        {
          id: "c1",
          type: "function",
          function: { name: "weather", arguments: '{"city":"Paris"}' },
        },
      ],
    },
    { role: "tool", tool_call_id: "c1", content: '{"rain":false}' },
  ];
  const answer = { role: "assistant", content: "No." };
  expect(messagesOf(messages, answer)).toEqual([[...messages, answer]]);
});

it("writes tool calls of another dialect in the same shape", () => {
  const messages = [
    { role: "user", content: [{ type: "text", text: "Will it rain?" }] },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Look it up." },
        { type: "text", text: "One moment." },
        { type: "tool_use", id: "u1", name: "weather", input: { city: "Paris" } },
      ],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "u1", content: "dry" }] },
  ];
  expect(messagesOf(messages, "No.")).toEqual([
    [
      { role: "user", content: "Will it rain?" },
      {
        role: "assistant",
        content: "One moment.",
        tool_calls: [
          {
            id: "u1",
            type: "function",
            function: { name: "weather", arguments: '{"city":"Paris"}' },
          },
        ],
      },
      { role: "tool", tool_call_id: "u1", content: "dry" },
      { role: "assistant", content: "No." },
    ],
  ]);
});

it("gives calls without an id one that their results carry", () => {
  const contents = [
    { role: "user", parts: [{ text: "Will it rain?" }] },
    { role: "model", parts: [{ functionCall: { name: "weather", args: {} } }] },
    { role: "user", parts: [{ functionResponse: { name: "weather", response: "dry" } }] },
  ];
  const [messages] = messagesOf({ contents }, "No.");
  expect(messages).toMatchObject([
    { role: "user" },
    { role: "assistant", content: null, tool_calls: [{ id: "call_1" }] },
    { role: "tool", tool_call_id: "call_1", content: "dry" },
    { role: "assistant", content: "No." },
  ]);
});

it("leaves out turns without an answer, and what is no chat", () => {
  expect(messagesOf("Will it rain?", null)).toEqual([]);
  expect(messagesOf(null, "No.")).toEqual([]);
  expect(messagesOf({ rows: 3 }, { rows: 4 })).toEqual([]);
  expect(messagesOf("Will it rain?", { role: "user", content: "Hello?" })).toEqual([]);
});

it("is one line of JSON for a turn, whatever was captured", () => {
  for (const { name, text } of [...HOSTILE_TEXTS, { name: "deep JSON", text: DEEP_JSON }]) {
    const [line = ""] = [...chatLines([{ input: text, output: text } as Turn])];
    expect(line.indexOf("\n"), name).toBe(line.length - 1);
    expect(JSON.parse(line), name).toMatchObject({ messages: [{ role: "user" }, {}] });
  }
});

it("is served for a session, turn by turn, and redacted if asked", async () => {
  const studio = await openStudio();
  for (const [index, input] of ["I am ada@example.com", "Will it rain?"].entries()) {
    const start = 1_763_806_800 + index;
    const attributes = {
      "session.id": "s",
      "langfuse.observation.input": input,
      "langfuse.observation.output": `${index}`,
    };
    const times = {
      startTimeUnixNano: `${start}000000000`,
      endTimeUnixNano: `${start + 1}000000000`,
    };
    await post(studio, OTLP_PATH, otlpJson({ traceId: `t${index}`, ...times, attributes }));
  }
  const path = "/api/studio/session-export?id=s&format=jsonl";
  const { text, headers } = await get(studio, path);
  expect(headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
  expect(headers.get("content-disposition")).toBe('attachment; filename="s.jsonl"');
  const lines = text.split("\n");
  expect(lines[0]).toContain("ada@example.com");
  expect(lines[1]).toContain("Will it rain?");
  expect(lines.slice(2)).toEqual([""]);
  expect((await get(studio, `${path}&redact=email`)).text).not.toContain("ada@example.com");
});
