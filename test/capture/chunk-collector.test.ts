import { describe, expect, it } from "vitest";
import { ChunkCollector } from "../../src/capture/chunk-collector";

const MAX_BYTES = 10_000;

function join(chunks: Iterable<unknown>, maxBytes = MAX_BYTES): unknown {
  const collector = new ChunkCollector(maxBytes);
  for (const chunk of chunks) collector.add(chunk);
  return collector.join();
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe("chunks of a stream", () => {
  it("that are all text are one text, all bytes the text they are, none at all nothing", () => {
    expect(join(["a", "", "b"])).toBe("ab");
    const euro = Buffer.from("5 €");
    expect(join([euro.subarray(0, 3), euro.subarray(3, 4), euro.subarray(4)])).toBe("5 €");
    expect(join([])).toBeUndefined();
  });

  it("that are bytes but no text stay bytes", () => {
    expect(join([new Uint8Array([0xff, 0xd8]), new Uint8Array([0xff])])).toEqual(
      Buffer.from([0xff, 0xd8, 0xff]),
    );
  });

  it("of several kinds are a list of snapshots", () => {
    const changing = { step: 1 };
    const collector = new ChunkCollector(MAX_BYTES);
    collector.add(changing);
    changing.step = 2;
    for (const chunk of [changing, "text", null, 3n, undefined]) collector.add(chunk);
    expect(collector.join()).toEqual([{ step: 1 }, { step: 2 }, "text", null, "3", null]);
  });

  it("that are bytes may be written over afterwards", () => {
    const memory = new Uint8Array([97]);
    const collector = new ChunkCollector(MAX_BYTES);
    collector.add(memory);
    memory[0] = 98;
    collector.add(memory);
    expect(collector.join()).toBe("ab");
  });
});

describe("the bound", () => {
  it.each([
    ["text", (index: number) => `${index} `],
    ["bytes", (index: number) => Buffer.from(`${index} `)],
  ])("cuts %s with the number of bytes that are missing", (_kind, make) => {
    const chunks = Array.from({ length: 5_000 }, (_, index) => make(index));
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const text = String(join(chunks, 1_000));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000);
    const [, kept = "", missing] = /^(.*)\.\.\.\[cut: (\d+) bytes\]$/s.exec(text) ?? [];
    expect(kept.length + Number(missing)).toBe(total);
  });

  it("splits no character of bytes", () => {
    const text = String(
      join(
        Array.from({ length: 500 }, () => Buffer.from("€")),
        1_000,
      ),
    );
    expect(text).not.toContain("\ufffd");
    expect(text).toMatch(/^€+\.\.\.\[cut: \d+ bytes\]$/);
  });

  it("cuts a list by bytes and by number, and says how many chunks are missing", () => {
    const list = join(
      Array.from({ length: 10_002 }, () => ({})),
      1_000_000,
    ) as unknown[];
    expect(list).toHaveLength(10_001);
    expect(list.at(-1)).toBe("...[cut: 2 chunks]");
    const short = join(
      Array.from({ length: 100 }, () => ({ text: "x".repeat(90) })),
      1_000,
    ) as unknown[];
    expect(short.length).toBeLessThan(15);
    expect(short.at(-1)).toMatch(/^\.\.\.\[cut: \d+ chunks\]$/);
  });

  it("cuts the text of a message where it is missing, and the message stays a message", () => {
    const chunk = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
    const message = join(
      Array.from({ length: 20_000 }, () => chunk('"wörd"\n')),
      4_000,
    ) as { role: string; content: string };
    expect(bytesOf(message)).toBeLessThanOrEqual(4_000);
    const [, kept = "", missing] = /^(.*)\.\.\.\[cut: (\d+) bytes\]$/s.exec(message.content) ?? [];
    expect(Buffer.byteLength(kept) + Number(missing)).toBe(20_000 * 8);
  });

  it("holds for one huge piece, and for more tool calls than there is room for", () => {
    const huge = join([{ choices: [{ delta: { content: "😀".repeat(50_000) } }] }], 2_000);
    expect(bytesOf(huge)).toBeLessThanOrEqual(2_000);
    expect(JSON.stringify(huge)).not.toMatch(/\\ud83d(?!\\ude00)/i);
    const calls = Array.from({ length: 5_000 }, (_, index) => ({
      choices: [{ delta: { tool_calls: [{ index, id: `call-${index}` }] } }],
    }));
    const many = join(calls, 4_000);
    expect(bytesOf(many)).toBeLessThanOrEqual(4_000);
    expect(JSON.stringify(many)).toContain("[cut]");
  });
});

describe("chunks of a model SDK", () => {
  it("of a shape that other chunks come between keep both", () => {
    expect(
      join([{ choices: [{ delta: { content: "a" } }] }, { progress: 1 }, { choices: [] }]),
    ).toEqual([{ role: "assistant", content: "a" }, { progress: 1 }]);
  });

  it("that only look like one are a list", () => {
    const chunks = [{ type: "start" }, { type: "mine", text: "x" }, { choices: "none" }];
    expect(join(chunks)).toEqual(chunks);
  });

  it("of OpenAI: refusal, reasoning, custom tools, calls without index, bare completions", () => {
    const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });
    expect(
      join([
        delta({ role: "assistant", reasoning_content: "Hm" }),
        delta({ refusal: "No." }),
        delta({ tool_calls: [{ id: "a", custom: { name: "run", input: "1" } }] }),
        delta({ tool_calls: [{ custom: { input: "2" } }] }),
        delta({ tool_calls: [{ id: "b", function: { name: "go", arguments: "{}" } }] }),
      ]),
    ).toEqual({
      role: "assistant",
      content: null,
      refusal: "No.",
      reasoning_content: "Hm",
      tool_calls: [
        { id: "a", type: "custom", custom: { name: "run", input: "12" } },
        { id: "b", type: "function", function: { name: "go", arguments: "{}" } },
      ],
    });
    expect(join([{ choices: [{ text: "old " }] }, { choices: [{ text: "one" }] }])).toBe("old one");
  });

  it("of OpenAI's responses that break off add up to what came", () => {
    expect(
      join([
        { type: "response.created", response: {} },
        {
          type: "response.output_item.added",
          output_index: 0,
          item: { type: "reasoning", id: "r", summary: [] },
        },
        { type: "response.reasoning_summary_text.delta", output_index: 0, delta: "Think" },
        {
          type: "response.output_item.added",
          output_index: 1,
          item: { type: "function_call", id: "f", call_id: "c", name: "find", arguments: "" },
        },
        { type: "response.function_call_arguments.delta", output_index: 1, delta: '{"q":' },
        { type: "response.function_call_arguments.delta", output_index: 1, delta: "1}" },
        {
          type: "response.output_item.added",
          output_index: 2,
          item: { type: "message", id: "m", role: "assistant", content: [] },
        },
        { type: "response.output_text.delta", output_index: 2, content_index: 0, delta: "Hi" },
      ]),
    ).toEqual([
      { type: "reasoning", id: "r", summary: [{ type: "summary_text", text: "Think" }] },
      { type: "function_call", id: "f", call_id: "c", name: "find", arguments: '{"q":1}' },
      {
        type: "message",
        id: "m",
        role: "assistant",
        content: [{ type: "output_text", text: "Hi" }],
      },
    ]);
  });

  it("of Anthropic: thinking, and tool input as JSON, or as far as it came", () => {
    const start = (index: number, block: object) => ({
      type: "content_block_start",
      index,
      content_block: block,
    });
    const piece = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
    expect(
      join([
        { type: "message_start", message: { role: "assistant", model: "claude", usage: {} } },
        start(0, { type: "thinking", thinking: "" }),
        piece(0, { type: "thinking_delta", thinking: "Hm" }),
        piece(0, { type: "signature_delta", signature: "s" }),
        { type: "ping" },
        start(1, { type: "tool_use", id: "t", name: "find", input: {} }),
        piece(1, { type: "input_json_delta", partial_json: '{"q":' }),
        piece(1, { type: "input_json_delta", partial_json: "[1]}" }),
        start(2, { type: "tool_use", id: "u", name: "list", input: {} }),
        start(3, { type: "tool_use", id: "v", name: "cut", input: {} }),
        piece(3, { type: "input_json_delta", partial_json: '{"q' }),
        { type: "message_stop" },
      ]),
    ).toEqual({
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Hm", signature: "s" },
        { type: "tool_use", id: "t", name: "find", input: { q: [1] } },
        { type: "tool_use", id: "u", name: "list", input: {} },
        { type: "tool_use", id: "v", name: "cut", input: '{"q' },
      ],
    });
  });

  it.each([
    [
      "4",
      [
        { type: "step-start", messageId: "m" },
        { type: "reasoning", textDelta: "Hm" },
        { type: "text-delta", textDelta: "Hel" },
        { type: "text-delta", textDelta: "lo" },
        { type: "tool-call", toolCallId: "c", toolName: "find", args: { q: 1 } },
        { type: "step-finish", finishReason: "stop" },
      ],
      { type: "tool-call", toolCallId: "c", toolName: "find", args: { q: 1 } },
    ],
    [
      "5",
      [
        { type: "start" },
        { type: "start-step", request: {} },
        { type: "reasoning-start", id: "0" },
        { type: "reasoning-delta", id: "0", text: "Hm" },
        { type: "reasoning-end", id: "0" },
        { type: "text-start", id: "1" },
        { type: "text-delta", id: "1", text: "Hello" },
        { type: "text-end", id: "1" },
        { type: "tool-input-start", id: "c", toolName: "find" },
        { type: "tool-call", toolCallId: "c", toolName: "find", input: { q: 1 } },
        { type: "finish", finishReason: "tool-calls", totalUsage: {} },
      ],
      { type: "tool-call", toolCallId: "c", toolName: "find", input: { q: 1 } },
    ],
  ])(
    "of the AI SDK, version %s: reasoning, text and tool calls in order",
    (_version, parts, call) => {
      expect(join(parts)).toEqual({
        role: "assistant",
        content: [{ type: "reasoning", text: "Hm" }, { type: "text", text: "Hello" }, call],
      });
    },
  );
});
