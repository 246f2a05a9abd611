import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/studio/api/types";
import { chatMessages } from "../../../src/studio/conversation/chat-messages";
import { mediaOf, mediaOfPart, splitMedia } from "../../../src/studio/conversation/media-text";

const ID = "wOvB-Zq_0123456789abcd";
const TAG = `@@@langfuseMedia:type=image/png|id=${ID}|source=bytes@@@`;
const PICTURE = {
  kind: "image",
  contentType: "image/png",
  url: `/api/public/media/${ID}/content`,
};
const DATA = "iVBORw0KGgoAAAANSUhEUg==";
const URI = `data:image/png;base64,${DATA}`;
const INLINE = { kind: "image", contentType: "image/png", url: URI };

describe("a text", () => {
  it("is parted at reference tags", () => {
    const sound = TAG.replace("image/png", "audio/wav");
    expect(splitMedia(`Look: ${TAG}, hear ${sound}`)).toEqual([
      { kind: "text", text: "Look: " },
      { kind: "media", media: PICTURE },
      { kind: "text", text: ", hear " },
      { kind: "media", media: { ...PICTURE, kind: "audio", contentType: "audio/wav" } },
    ]);
  });

  it("that is one tag, or one data URI of a picture, is that picture", () => {
    expect(mediaOf(TAG)).toEqual(PICTURE);
    expect(mediaOf(URI)).toEqual(INLINE);
    expect(mediaOf(`${TAG}!`)).toBeNull();
  });

  it("says why an upload failed beside the picture that stands inline", () => {
    expect(splitMedia(`[media upload failed: HTTP 500] ${URI}`)).toEqual([
      { kind: "text", text: "[media upload failed: HTTP 500]" },
      { kind: "media", media: INLINE },
    ]);
  });

  it("offers what a browser should not show as a file", () => {
    expect(mediaOf(TAG.replace("image/png", "text/html"))).toMatchObject({ kind: "file" });
    expect(mediaOf(TAG.replace("image/png", "image/svg+xml"))).toMatchObject({ kind: "file" });
  });

  it.each([
    ["a tag with another id", TAG.replace(ID, "../../sessions/evil")],
    ["a tag that is cut off", TAG.slice(0, -1)],
    ["a tag with markup in its type", TAG.replace("image/png", 'image/"><script>')],
    ["a data URI of a document", "data:text/html;base64,PHNjcmlwdD4="],
    ["a data URI of SVG", "data:image/svg+xml;base64,PHN2Zz4="],
    ["a data URI with more after it", `${URI} and more`],
    ["a data URI that was cut", `${URI.slice(0, -2)}...[cut: 7 bytes]`],
    ["a data URI without base64", "data:image/png,abc"],
    ["a data URI of more than 4 MiB", `data:image/png;base64,${"A".repeat(4 * 1024 * 1024)}`],
    ["an address elsewhere", "https://evil.example/pixel.png"],
    ["an address without a host", "//evil.example/pixel.png"],
  ])("stays a text where it holds %s", (_, text) => {
    expect(splitMedia(text)).toEqual([{ kind: "text", text }]);
  });

  it("of nothing but starts of tags is read in one pass", () => {
    const text = "@@@langfuseMedia:type=a/b|id=".repeat(30_000);
    expect(splitMedia(text)).toEqual([{ kind: "text", text }]);
  });

  it("just below the limit is still a picture", () => {
    const start = "data:image/png;base64,";
    const uri = start + "A".repeat(4 * 1024 * 1024 - start.length);
    expect(mediaOf(uri)?.url).toBe(uri);
  });
});

describe("a part of a message", () => {
  it.each<[string, JsonObject]>([
    ["OpenAI chat", { type: "image_url", image_url: { url: TAG, detail: "low" } }],
    ["OpenAI responses", { type: "input_image", image_url: TAG }],
    ["OpenAI audio", { type: "input_audio", input_audio: { data: TAG, format: "wav" } }],
    ["OpenAI files", { type: "file", file: { filename: "a.pdf", file_data: TAG } }],
    [
      "Anthropic",
      { type: "image", source: { type: "base64", media_type: "image/png", data: TAG } },
    ],
    ["Gemini", { inlineData: { mimeType: "image/png", data: TAG } }],
    ["the AI SDK", { type: "image", image: TAG, mediaType: "image/png" }],
  ])("of %s shows what its reference names", (_, part) => {
    expect(mediaOfPart(part)).toEqual(PICTURE);
    const [message] = chatMessages([{ role: "user", content: [part] }], "input") ?? [];
    expect(message?.parts).toEqual([{ kind: "media", label: expect.any(String), media: PICTURE }]);
  });

  it.each<[string, JsonObject]>([
    [
      "Anthropic",
      { type: "image", source: { type: "base64", media_type: "image/png", data: DATA } },
    ],
    ["Gemini", { inlineData: { mimeType: "image/png", data: DATA } }],
  ])("of %s with plain base64 shows that", (_, part) => {
    expect(mediaOfPart(part)).toEqual(INLINE);
  });

  it.each([
    ["wav", "audio/wav"],
    ["mp3", "audio/mpeg"],
  ])("of OpenAI with %s as plain base64 is a recording", (format, contentType) => {
    const part = { type: "input_audio", input_audio: { data: DATA, format } };
    const url = `data:${contentType};base64,${DATA}`;
    expect(mediaOfPart(part)).toEqual({ kind: "audio", contentType, url });
  });

  it("with an address elsewhere, or of a type that is not shown, shows nothing", () => {
    expect(
      mediaOfPart({ type: "image_url", image_url: { url: "https://evil.example/x" } }),
    ).toBeNull();
    expect(mediaOfPart({ source: { media_type: "text/html", data: DATA } })).toBeNull();
    expect(mediaOfPart({ input_audio: { format: "constructor", data: DATA } })).toBeNull();
    expect(mediaOfPart({ source: { media_type: "image/png;base64,AAAA", data: DATA } })).toBeNull();
  });
});

describe("a message", () => {
  it("with a tag in its text shows text and picture", () => {
    expect(chatMessages(`What is this?\n${TAG}\n`, "input")).toEqual([
      {
        role: "user",
        name: null,
        parts: [
          { kind: "text", text: "What is this?\n" },
          { kind: "media", label: "image/png", media: PICTURE },
        ],
      },
    ]);
  });
});
