import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Media } from "../../src/capture/media/media";
import { Playhead } from "../../src/client/playhead";
import type { PlayheadOptions } from "../../src/config/options";
import type { Studio } from "../../src/studio/server";
import { idOf } from "../export/media/stage-under-test";
import { get, openStudio } from "../studio/server/running-studio";
import { createRecordingLogger } from "../support/recording-logger";
import { useTraced } from "../support/traced";

/** Begins as a PNG does. */
const PICTURE = Buffer.from("89504e470d0a1a0a0000000d4948445200000001", "hex");
const DATA_URI = `data:image/png;base64,${PICTURE.toString("base64")}`;

function reference(source: string, bytes: Buffer = PICTURE): string {
  return `@@@langfuseMedia:type=image/png|id=${idOf(bytes)}|source=${source}@@@`;
}

function start(studio: Studio, options: PlayheadOptions = {}) {
  const logger = createRecordingLogger();
  const client = new Playhead({ baseUrl: studio.url, logger, spool: false, ...options });
  onTestFinished(async () => {
    await client.shutdown();
  });
  return { client, logger };
}

/** What the studio keeps of an observation. */
async function inputOf(studio: Studio, traceId: string): Promise<unknown> {
  const { json } = await get(studio, `/api/public/v2/observations?traceId=${traceId}&fields=io`);
  return (json as { data: { input: unknown }[] }).data[0]?.input; // the contract's own shape
}

async function contentOf(studio: Studio, bytes: Buffer): Promise<Buffer> {
  const response = await fetch(`${studio.url}/api/public/media/${idOf(bytes)}/content`);
  return Buffer.from(await response.arrayBuffer());
}

describe("media, from a value to the studio", () => {
  const folder = mkdtempSync(join(tmpdir(), "playhead-media-"));
  const path = join(folder, "scan.png");
  writeFileSync(path, PICTURE);
  it.each([
    ["a data URI", `See ${DATA_URI}.`, `See ${reference("base64_data_uri")}.`],
    ["bytes", { scan: PICTURE }, `{"scan":"${reference("bytes")}"}`],
    [
      "a part of a message",
      [
        {
          type: "image",
          source: { type: "base64", media_type: "image/png", data: PICTURE.toString("base64") },
        },
      ],
      `[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"${reference("bytes")}"}}]`,
    ],
    ["a blob", new Blob([PICTURE], { type: "image/png" }), `"${reference("bytes")}"`],
    ["a file", new Media({ path }), `"${reference("file")}"`],
  ])("%s is found again by its reference", async (_name, input, expected) => {
    const studio = await openStudio();
    const { client, logger } = start(studio);
    const span = client.startSpan({ name: "look", input });
    span.end();
    expect(await client.flush()).toMatchObject({ isAllDelivered: true, delivered: 1 });
    expect(await inputOf(studio, span.traceId)).toBe(expected);
    expect((await contentOf(studio, PICTURE)).equals(PICTURE)).toBe(true);
    expect(logger.lines).toEqual([]);
  });

  it("is what the program gave when it gave it", async () => {
    const studio = await openStudio();
    const { client } = start(studio);
    const bytes = Buffer.from(PICTURE);
    const span = client.startSpan({ name: "look", input: bytes });
    bytes.fill(0);
    span.end();
    await client.flush();
    expect((await contentOf(studio, PICTURE)).equals(PICTURE)).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it("is what arguments, results and chunks of observed functions hold", async () => {
    const studio = await openStudio();
    const { client } = start(studio);
    const draw = client.observe(async function* draw(_image: Buffer) {
      yield { type: "image", data: PICTURE.toString("base64"), mediaType: "image/png" };
    });
    for await (const _ of draw(PICTURE)) {
      // read to its end
    }
    await client.flush();
    const { json } = await get(studio, "/api/public/v2/observations?fields=io");
    const [{ input, output }] = (json as { data: [{ input: string; output: string }] }).data;
    expect(input).toBe(`"${reference("bytes")}"`);
    expect(output).toContain(reference("bytes"));
  });

  it("reaches a trace's root by updateTrace", async () => {
    const studio = await openStudio();
    const { client } = start(studio);
    const span = client.startSpan("root");
    span.updateTrace({ input: { scan: PICTURE } });
    span.end();
    await client.flush();
    expect(await inputOf(studio, span.traceId)).toBe(`{"scan":"${reference("bytes")}"}`);
  });
});

describe("media and redaction", () => {
  it("shows a mask the reference, and uploads nothing that the mask takes out", async () => {
    const studio = await openStudio();
    const { client } = start(studio, {
      mask(record) {
        if (record.kind === "span") {
          expect(record.input).toBe(reference("base64_data_uri"));
          record.input = "[a picture]";
        }
        return record;
      },
    });
    const span = client.startSpan({ name: "look", input: DATA_URI });
    span.end();
    expect(await client.flush()).toMatchObject({ isAllDelivered: true });
    expect(await inputOf(studio, span.traceId)).toBe("[a picture]");
    expect((await get(studio, `/api/public/media/${idOf(PICTURE)}`)).status).toBe(404);
  });
});

describe("media: false", () => {
  it("leaves media where they are", async () => {
    const studio = await openStudio();
    const { client } = start(studio, { media: false });
    const span = client.startSpan({ name: "look", input: { uri: DATA_URI, bytes: PICTURE } });
    span.end();
    await client.flush();
    expect(await inputOf(studio, span.traceId)).toBe(
      `{"uri":"${DATA_URI}","bytes":"[Buffer: ${PICTURE.length} bytes]"}`,
    );
  });
});

describe("media at an endpoint that takes no files", () => {
  const traced = useTraced({ spool: false });

  it("stay in the text, at the process's end too", async () => {
    const { client, sink } = traced;
    client.startSpan({ name: "look", input: { uri: DATA_URI } }).end();
    await client.shutdown();
    const { attributes } = sink.span("look");
    expect(attributes["langfuse.observation.input"]).toMatch(/^\{"uri":".*data:image\/png;base64,/);
  });
});
