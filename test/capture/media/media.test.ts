import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { Media, type MediaInput } from "../../../src/capture/media/media";
import { MediaCollector } from "../../../src/capture/media/media-collector";
import { serialize } from "../../../src/capture/serialize";
import { PNG } from "./media-samples";

const BYTES = Buffer.from(PNG, "base64");
const folder = mkdtempSync(join(tmpdir(), "playhead-media-"));
const path = join(folder, "pixel.png");
writeFileSync(path, BYTES);
afterAll(() => rmSync(folder, { recursive: true }));

const limits = { maxBytes: 65_536 };

function collect(value: unknown, maxBytes = 65_536): { text: string; media: MediaCollector } {
  const media = new MediaCollector("output", { maxBytes });
  const text = serialize(value, { ...limits, media }) ?? "";
  return { text: text.replace(/@@@playhead:[^@]+@@@/g, "#"), media };
}

describe("a Media", () => {
  it.each<[string, () => MediaInput, string, string]>([
    ["bytes", () => ({ bytes: BYTES }), "image/png", "bytes"],
    ["an ArrayBuffer", () => ({ bytes: new Uint8Array(BYTES).buffer }), "image/png", "bytes"],
    ["base64", () => ({ base64: PNG, contentType: "image/png" }), "image/png", "bytes"],
    [
      "a data URI",
      () => ({ dataUri: `data:image/png;base64,${PNG}` }),
      "image/png",
      "base64_data_uri",
    ],
    [
      "a data URI without a type",
      () => ({ dataUri: `data:;base64,${PNG}` }),
      "image/png",
      "base64_data_uri",
    ],
    ["a path", () => ({ path }), "image/png", "file"],
    [
      "a Node stream",
      () => ({ stream: Readable.from([BYTES]), contentType: "Image/PNG; a=b" }),
      "image/png",
      "file",
    ],
    [
      "a web stream",
      () => ({ stream: new Blob([BYTES]).stream(), contentType: "image/png" }),
      "image/png",
      "file",
    ],
  ])("made from %s is taken whole, wherever it stands", async (_, input, contentType, source) => {
    const { text, media } = collect({ deep: [new Media(input())] });
    expect(text).toBe('{"deep":["#"]}');
    const [attachment] = media.attachments;
    expect(attachment).toMatchObject({ contentType, source, field: "output", original: undefined });
    expect(Buffer.from((await attachment?.load()) ?? [])).toEqual(BYTES);
  });

  it("is a label as text and as JSON, never its content", () => {
    const media = new Media({ base64: PNG, contentType: "image/png" });
    expect(`${media}`).toBe("[Media: image/png]");
    expect(JSON.stringify({ media })).toBe('{"media":"[Media: image/png]"}');
    expect(serialize([media], limits)).toBe('["[Media: image/png]"]');
    expect(Object.keys(media)).toEqual([]);
  });

  it("copies bytes when it is recorded", async () => {
    const bytes = Buffer.from(BYTES);
    const { media } = collect(new Media({ bytes }));
    bytes.fill(0);
    expect(await media.attachments[0]?.load()).toEqual(BYTES);
  });

  it("reads a stream once, however often it is loaded", async () => {
    const media = new Media({ stream: Readable.from([BYTES, "text"]), contentType: "image/png" });
    const first = collect(media).media.attachments[0];
    const second = collect(media).media.attachments[0];
    const whole = Buffer.concat([BYTES, Buffer.from("text")]);
    expect(await first?.load()).toEqual(whole);
    expect(await second?.load()).toEqual(whole);
  });

  it("of known size beyond the limit leaves its type and length", () => {
    const mark = `[image/png: ${BYTES.length} bytes]`;
    for (const input of [{ bytes: BYTES }, { base64: PNG, contentType: "image/png" }]) {
      expect(collect([new Media(input)], BYTES.length - 1).text).toBe(`["${mark}"]`);
    }
  });

  it("of a stream beyond the limit is not read to its end", async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(1_000);
      } finally {
        isClosed = true;
      }
    }
    const stream = Readable.from(endless());
    const { media } = collect(new Media({ stream, contentType: "video/mp4" }), 10_000);
    await expect(media.attachments[0]?.load()).rejects.toThrow("at most 10000 bytes");
    expect(stream.destroyed).toBe(true);
    await expect.poll(() => isClosed).toBe(true);
  });

  it("of a file that is missing or too large rejects when it is loaded", async () => {
    const missing = collect(new Media({ path: join(folder, "none.pdf") })).media.attachments[0];
    expect(missing?.contentType).toBe("application/pdf");
    await expect(missing?.load()).rejects.toThrow("ENOENT");
    const large = collect(new Media({ path }), 10).media.attachments[0];
    await expect(large?.load()).rejects.toThrow("at most 10 bytes");
  });

  it.each<[string, unknown]>([
    ["got undefined", undefined],
    ["got none of them", {}],
    ["got bytes and path", { bytes: BYTES, path }],
    ["expected bytes to be a Uint8Array or ArrayBuffer, got string", { bytes: "x" }],
    ["expected base64 to be base64 text", { base64: "no base64!", contentType: "image/png" }],
    ["expected contentType beside base64", { base64: PNG }],
    ['expected dataUri to begin with "data:<type>;base64,"', { dataUri: "https://example.org" }],
    ["expected path to be a text", { path: 7 }],
    [
      "expected stream to be a Readable or ReadableStream, got number",
      { stream: 7, contentType: "a/b" },
    ],
    ["expected contentType beside stream", { stream: Readable.from([]) }],
    ['got a contentType that is not of the form "image/png"', { bytes: BYTES, contentType: "png" }],
  ])("cannot be made from what it cannot read: %s", (problem, input) => {
    // Wrong input on purpose.
    expect(() => new Media(input as MediaInput)).toThrow(
      expect.objectContaining({
        code: "INVALID_ARGUMENT",
        message: `Cannot make a Media: ${problem}. Give one of bytes, base64 with contentType, dataUri, path, or stream with contentType.`,
      }),
    );
  });
});
