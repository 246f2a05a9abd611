import { describe, expect, it } from "vitest";
import type { MediaAttachment } from "../../src/attributes/media-attachment";
import type { SpanRecord } from "../../src/attributes/span-record";
import type { MediaStage } from "../../src/export/media/media-stage";
import { prepare } from "../../src/export/preparation";
import type { Redaction } from "../../src/export/redaction/redaction";
import { createRecord } from "../support/span-records";

const attachment: MediaAttachment = {
  token: "TOKEN",
  contentType: "image/png",
  source: "bytes",
  field: "input",
  load: () => new Uint8Array(1),
  original: undefined,
};

/** Both stages, writing down what they are asked and what the record says then. */
function stages({ isAsync = true }: { isAsync?: boolean } = {}) {
  const steps: string[] = [];
  const note = (step: string, { input }: SpanRecord): void => void steps.push(`${step} ${input}`);
  const media: MediaStage = {
    async refer(record) {
      note("refer", record);
      await Promise.resolve();
      if (record.input !== undefined) record.input = record.input.replace("TOKEN", "REFERENCE");
    },
    async upload(record) {
      note("upload", record);
    },
    settle: (record) => note("settle", record),
  };
  const redaction = {
    span(record: SpanRecord) {
      note("redact", record);
      return isAsync ? Promise.resolve() : undefined;
    },
    failSpan: (record: SpanRecord) => note("fail", record),
  } as Redaction; // the parts that spans need
  return { steps, media, redaction };
}

const none: never[] = [];

describe("prepare", () => {
  it("has nothing to wait for where nothing is taken out and no media were found", () => {
    const { media } = stages();
    expect(prepare(createRecord(), { media, redaction: undefined }, none)).toBeUndefined();
    expect(prepare(createRecord({ media: [] }), { media, redaction: undefined }, none)).toBe(
      undefined,
    );
  });

  it("refers to media, takes out, and then uploads what is left", async () => {
    const { steps, ...tools } = stages();
    const record = createRecord({ input: "TOKEN", media: [attachment] });
    await prepare(record, tools, none)?.isReady;
    expect(steps).toEqual(["refer TOKEN", "redact REFERENCE", "upload REFERENCE"]);
  });

  it("masks as failed what has not been masked when there is no more time", async () => {
    const { steps, ...tools } = stages();
    const record = createRecord({ input: "TOKEN", media: [attachment] });
    const preparation = prepare(record, tools, none);
    preparation?.expire();
    await preparation?.isReady;
    expect(steps).toEqual(["refer TOKEN", "settle TOKEN", "redact TOKEN", "fail TOKEN"]);
  });

  it("does not mask again what has been masked when there is no more time", async () => {
    const { steps, media, redaction } = stages({ isAsync: false });
    const record = createRecord({ input: "TOKEN", media: [attachment] });
    let isUploading: () => void = () => undefined;
    const uploading = new Promise<void>((resolve) => {
      isUploading = resolve;
    });
    const stuck: MediaStage = {
      ...media,
      upload: () => {
        isUploading();
        return new Promise(() => undefined);
      },
    };
    const preparation = prepare(record, { media: stuck, redaction }, none);
    await uploading;
    preparation?.expire();
    expect(steps).toEqual(["refer TOKEN", "redact REFERENCE", "settle REFERENCE"]);
  });
});
