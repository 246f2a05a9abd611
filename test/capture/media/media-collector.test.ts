import { describe, expect, it } from "vitest";
import { MediaCollector } from "../../../src/capture/media/media-collector";
import { serialize } from "../../../src/capture/serialize";
import { HEADS, PNG } from "./media-samples";

const MAX_BYTES = 64 * 1_024;
const TOKEN = /@@@playhead:[0-9a-f]{16}:\d+@@@/g;

/** The text with `#0`, `#1`, … for tokens, and what they stand for. */
async function captured(
  value: unknown,
  { maxBytes = MAX_BYTES, maxMediaBytes = 1_048_576 } = {},
): Promise<{ text: string; media: [contentType: string, source: string, content: string][] }> {
  const collector = new MediaCollector("input", { maxBytes: maxMediaBytes });
  let text = serialize(value, { maxBytes, media: collector }) ?? "";
  const media: [string, string, string][] = [];
  for (const [index, attachment] of collector.attachments.entries()) {
    text = text.replaceAll(attachment.token, `#${index}`);
    const bytes = Buffer.from(await attachment.load());
    media.push([attachment.contentType, attachment.source, bytes.toString("base64")]);
  }
  expect(text).not.toMatch(TOKEN);
  return { text, media };
}

const URI = `data:image/png;base64,${PNG}`;
const PNG_BYTES = Buffer.from(PNG, "base64");

describe("data URIs", () => {
  it.each([
    ["alone", URI, "#0"],
    ["in prose", `see (${URI}), or not`, "see (#0), or not"],
    ["in HTML", `<img src="${URI}">`, '<img src="#0">'],
    ["in Markdown", `![x](${URI})\nmore`, "![x](#0)\nmore"],
    ["in JSON text", JSON.stringify({ url: URI }), '{"url":"#0"}'],
    [
      "in JSON text inside JSON text",
      JSON.stringify({ body: JSON.stringify({ url: URI }) }),
      '{"body":"{\\"url\\":\\"#0\\"}"}',
    ],
    ["with parameters", `data:image/png;name=a.png;charset=utf-8;base64,${PNG}`, "#0"],
    ["in upper case", `DATA:IMAGE/PNG;BASE64,${PNG} x`, "#0 x"],
    ["behind words that begin like one", `data: data:x data:${URI}`, "data: data:x data:#0"],
  ])("are found %s", async (_, text, expected) => {
    expect(await captured(text)).toEqual({
      text: expected,
      media: [["image/png", "base64_data_uri", PNG]],
    });
  });

  it.each([
    ["that are not base64", "data:text/plain,hello there everybody"],
    ["that are only spoken of", "data:image/png;base64,<your data>"],
    ["whose head is none", `data:image png;base64,${PNG}`],
    ["of server-sent events", 'data: {"a":1};base64,QUJDREVGRw==\n'],
  ])("%s stay as they are", async (_, text) => {
    expect(await captured(text)).toEqual({ text, media: [] });
  });

  it("are found in plain data, in described data, in keys and errors", async () => {
    const value = { a: [URI], [URI]: 1 };
    expect((await captured(value)).text).toBe('{"a":["#0"],"#1":1}');
    const described = await captured([1n, value, new Map([["m", URI]])]);
    expect(described.text).toBe('["1",{"a":["#0"],"#1":1},{"m":"#2"}]');
    const error = new Error(URI);
    error.stack = "";
    expect((await captured(error)).text).toBe('{"name":"Error","message":"#0"}');
  });

  it("larger than a field are found where they begin within it", async () => {
    const large = Buffer.concat([PNG_BYTES, Buffer.alloc(300_000, 7)]).toString("base64");
    const uri = `data:image/png;base64,${large}`;
    for (const value of [{ url: uri, after: 1 }, [{ n: 1n, url: uri, after: 1 }]]) {
      const { text, media } = await captured(value);
      expect(text).toContain('"url":"#0","after":1');
      expect(media).toEqual([["image/png", "base64_data_uri", large]]);
    }
    expect((await captured(`x${uri} z`)).text).toBe("x#0 z");
  });

  it("give back what stood there when their base64 is invalid", async () => {
    const uri = "data:image/png;base64,AAAAAAAAAAAAA"; // 13 characters hold no number of bytes
    const collector = new MediaCollector("input", { maxBytes: MAX_BYTES });
    serialize({ uri }, { maxBytes: MAX_BYTES, media: collector });
    const [attachment] = collector.attachments;
    expect(() => attachment?.load()).toThrow("Expected base64");
    expect(attachment?.original).toBe(uri);
  });
});

describe("a long data URI that is broken", () => {
  it.each([
    ["a control character", "\x01", "\ufffd"],
    ["NUL", "\0", "\ufffd"],
    ["half of a surrogate pair", "\ud800", "\ufffd"],
    ["another script", "\u3002", "\u3002"],
  ])("by %s gives back what keeps the JSON around it valid", (_what, broken, expected) => {
    const collector = new MediaCollector("input", { maxBytes: 1_048_576 });
    const head = `data:image/png;base64,${"A".repeat(5_000)}`;
    const value = { at: new Date(0), text: `${head}${broken}BBBB` }; // a date takes the describing path
    const text = serialize(value, { maxBytes: MAX_BYTES, media: collector }) ?? "";
    const [attachment] = collector.attachments;
    expect(() => attachment?.load()).toThrow(RangeError);
    expect(JSON.parse(text.replace(TOKEN, () => attachment?.original ?? ""))).toMatchObject({
      text: `${head}${expected}BBBB`,
    });
  });
});

it("base64 that is broken by NUL gives back what a database takes", () => {
  const collector = new MediaCollector("input", { maxBytes: 1_048_576 });
  const data = `${"A".repeat(64)}\0${"A".repeat(64)}`;
  const value = { type: "base64", media_type: "image/png", data };
  const text = serialize(value, { maxBytes: MAX_BYTES, media: collector }) ?? "";
  const [attachment] = collector.attachments;
  expect(JSON.parse(text.replace(TOKEN, () => attachment?.original ?? ""))).toMatchObject({
    data: data.replace("\0", "\ufffd"),
  });
});

describe("parts of messages", () => {
  const part = (text: string): [string, string] => [text, "image/png"];
  it.each([
    [
      "OpenAI",
      { type: "image_url", image_url: { url: URI } },
      part('{"type":"image_url","image_url":{"url":"#0"}}'),
    ],
    [
      "OpenAI Responses",
      { type: "input_image", image_url: URI },
      part('{"type":"input_image","image_url":"#0"}'),
    ],
    [
      "OpenAI audio",
      { type: "input_audio", input_audio: { data: PNG, format: "mp3" } },
      ['{"type":"input_audio","input_audio":{"data":"#0","format":"mp3"}}', "audio/mpeg"],
    ],
    [
      "OpenAI file",
      { type: "file", file: { file_data: URI, filename: "a.png" } },
      part('{"type":"file","file":{"file_data":"#0","filename":"a.png"}}'),
    ],
    [
      "OpenAI Responses file without its head",
      { type: "input_file", file_data: PNG, filename: "a" },
      part('{"type":"input_file","file_data":"#0","filename":"a"}'),
    ],
    ["OpenAI images", { data: [{ b64_json: PNG }] }, part('{"data":[{"b64_json":"#0"}]}')],
    [
      "Anthropic",
      { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } },
      part('{"type":"image","source":{"type":"base64","media_type":"image/png","data":"#0"}}'),
    ],
    [
      "Gemini",
      { parts: [{ inlineData: { mimeType: "image/png", data: PNG } }] },
      part('{"parts":[{"inlineData":{"mimeType":"image/png","data":"#0"}}]}'),
    ],
    [
      "Gemini REST",
      { inline_data: { mime_type: "image/png", data: PNG } },
      part('{"inline_data":{"mime_type":"image/png","data":"#0"}}'),
    ],
    ["AI SDK base64", { type: "image", image: PNG }, part('{"type":"image","image":"#0"}')],
    [
      "AI SDK bytes",
      { type: "image", image: new Uint8Array(PNG_BYTES) },
      part('{"type":"image","image":"#0"}'),
    ],
    [
      "AI SDK file of bytes that say nothing",
      { type: "file", data: Buffer.from(PNG, "base64").fill(1), mediaType: "image/png" },
      part('{"type":"file","data":"#0","mediaType":"image/png"}'),
    ],
    [
      "AI SDK result",
      { base64: PNG, mediaType: "image/png" },
      part('{"base64":"#0","mediaType":"image/png"}'),
    ],
    [
      "LangChain",
      { type: "image", source_type: "base64", mime_type: "image/png", data: PNG },
      part('{"type":"image","source_type":"base64","mime_type":"image/png","data":"#0"}'),
    ],
    [
      "MCP",
      { type: "image", data: PNG, mimeType: "image/png" },
      part('{"type":"image","data":"#0","mimeType":"image/png"}'),
    ],
    [
      "a class",
      new (class File {
        base64Data = PNG;
        mediaType = "image/png";
      })(),
      part('{"[class]":"File","base64Data":"#0","mediaType":"image/png"}'),
    ],
  ] as [string, unknown, [string, string]][])(
    "of %s give up their content",
    async (_, value, [text, contentType]) => {
      const { text: found, media } = await captured(value);
      expect(found).toBe(text);
      expect(media.map(([type]) => type)).toEqual([contentType]);
    },
  );

  it.each([
    [
      "documents of text",
      { type: "text", media_type: "text/plain", data: "aWordThatLooksLikeBase64" },
    ],
    ["tool results", { data: "aWordThatLooksLikeBase64" }],
    ["addresses", { type: "image", image: "https://example.org/a.png" }],
    ["ids", { type: "file", file: "file-abcdefghijklmnop" }],
    ["short words", { mimeType: "image/png", data: "none" }],
  ])("that are %s stay as they are", async (_, value) => {
    expect(await captured(value)).toEqual({ text: JSON.stringify(value), media: [] });
  });

  it("give back what stood there, as inside JSON, when it is no base64", () => {
    const data = `${PNG}\n"${PNG}`;
    const collector = new MediaCollector("input", { maxBytes: MAX_BYTES });
    const text = serialize(
      { mimeType: "image/png", data },
      { maxBytes: MAX_BYTES, media: collector },
    );
    const [attachment] = collector.attachments;
    expect(() => attachment?.load()).toThrow("Expected base64");
    const restored = text?.replace(attachment?.token ?? "", attachment?.original ?? "");
    expect(JSON.parse(restored ?? "")).toEqual({ mimeType: "image/png", data });
  });
});

describe("bytes", () => {
  it.each(HEADS)("are taken where they begin like %s", async (contentType, head) => {
    const bytes = Buffer.concat([head, Buffer.alloc(32)]);
    expect(await captured({ bytes })).toEqual({
      text: '{"bytes":"#0"}',
      media: [[contentType, "bytes", bytes.toString("base64")]],
    });
  });

  it("are taken from each kind of buffer and view, only their own part of it", async () => {
    const around = Buffer.concat([Buffer.alloc(8), PNG_BYTES, Buffer.alloc(8)]);
    const { buffer } = new Uint8Array(around);
    const views = [
      new DataView(buffer, 8, PNG_BYTES.length),
      new Uint8Array(buffer, 8, PNG_BYTES.length),
      buffer.slice(8, 8 + PNG_BYTES.length),
    ];
    const { text, media } = await captured(views);
    expect(text).toBe('["#0","#1","#2"]');
    expect(media).toEqual(views.map(() => ["image/png", "bytes", PNG]));
  });

  it("that say nothing keep kind and length", async () => {
    expect(await captured([Buffer.from("plain text, BM or not")])).toEqual({
      text: '["[Buffer: 21 bytes]"]',
      media: [],
    });
  });

  it("are a snapshot: what changes afterwards does not show", async () => {
    const bytes = Buffer.from(PNG_BYTES);
    const collector = new MediaCollector("input", { maxBytes: MAX_BYTES });
    serialize(bytes, { maxBytes: MAX_BYTES, media: collector });
    bytes.fill(0);
    expect(await collector.attachments[0]?.load()).toEqual(PNG_BYTES);
  });

  it("that stand twice are taken once", async () => {
    const { text, media } = await captured([PNG_BYTES, PNG_BYTES]);
    expect(text).toBe('["#0","#0"]');
    expect(media).toHaveLength(1);
  });

  it("of blobs and files are taken with the type they name", async () => {
    const blob = new Blob([PNG_BYTES], { type: "text/plain;charset=utf-8" });
    const file = new File([PNG_BYTES], "a.bin");
    expect(await captured([blob, file])).toEqual({
      text: '["#0","#1"]',
      media: [
        ["text/plain", "bytes", PNG],
        ["application/octet-stream", "file", PNG],
      ],
    });
  });
});

describe("bounds", () => {
  it("leave of what is too large its type and length", async () => {
    const limits = { maxMediaBytes: PNG_BYTES.length - 1 };
    const mark = `[image/png: ${PNG_BYTES.length} bytes]`;
    const blob = new Blob([PNG_BYTES], { type: "image/png" });
    const values = [URI, PNG_BYTES, blob, { mimeType: "image/png", data: PNG }];
    const { text, media } = await captured(values, limits);
    expect(JSON.parse(text)).toEqual([mark, mark, mark, { mimeType: "image/png", data: mark }]);
    expect(media).toEqual([]);
  });

  it("leave what comes after a hundred media where it is", async () => {
    const { text, media } = await captured(new Array(102).fill(URI).join(" "), {
      maxBytes: 1_048_576,
    });
    expect(media).toHaveLength(100);
    expect(text.split(" ").slice(99)).toEqual(["#99", URI, URI]);
  });

  it("cut a field before a token, never through it, and let go of what is behind", async () => {
    const values = [
      `${"x".repeat(1_000)}${URI} ${"y".repeat(500)}${URI}`,
      { a: "x".repeat(1_000), b: URI, c: "y".repeat(500), d: URI },
      { n: 1n, a: "x".repeat(1_000), b: URI, c: "y".repeat(500), d: PNG_BYTES },
    ];
    for (const value of values) {
      for (let maxBytes = 1_020; maxBytes < 1_200; maxBytes += 1) {
        const collector = new MediaCollector("input", { maxBytes: MAX_BYTES });
        const text = serialize(value, { maxBytes, media: collector }) ?? "";
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
        expect(text.match(TOKEN) ?? []).toEqual(collector.attachments.map(({ token }) => token));
        expect(text.replaceAll(TOKEN, "")).not.toContain("@@@");
      }
    }
  });

  it("leave texts that look like tokens as they are", async () => {
    const forged = "@@@playhead:0123456789abcdef:1@@@";
    const collector = new MediaCollector("input", { maxBytes: MAX_BYTES });
    expect(serialize(forged, { maxBytes: MAX_BYTES, media: collector })).toBe(forged);
    expect(collector.attachments).toEqual([]);
  });
});

it("finds nothing where no media are looked for", () => {
  const value = [URI, PNG_BYTES, { mimeType: "image/png", data: PNG }];
  expect(serialize(value, { maxBytes: MAX_BYTES })).toBe(
    JSON.stringify([
      URI,
      `[Buffer: ${PNG_BYTES.length} bytes]`,
      { mimeType: "image/png", data: PNG },
    ]),
  );
});
