import { createHash, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MediaAttachment } from "../../../src/attributes/media-attachment";
import type { SpanRecord } from "../../../src/attributes/span-record";
import type { MediaStage } from "../../../src/export/media/media-stage";
import { silent, status } from "../../support/scripted-server";
import { createRecord, type RecordFields } from "../../support/span-records";
import { always, type MediaServer, onMethod, startMediaServer } from "./media-server";
import {
  attachmentOf,
  collector,
  createTestStage,
  dataUriAttachment,
  idOf,
  tagOf,
} from "./stage-under-test";

const PICTURE = Buffer.from("\x89PNG a picture of a lighthouse");
const PICTURE_URI = `data:image/png;base64,${PICTURE.toString("base64")}`;

let server: MediaServer;

beforeEach(async () => {
  server = await startMediaServer();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const SPAN_IDS = ["a", "b", "c"].map((digit) => digit.repeat(16));

function recordWith(fields: RecordFields, ...media: MediaAttachment[]): SpanRecord {
  return createRecord({ ...fields, media });
}

async function pass(stage: MediaStage, record: SpanRecord): Promise<SpanRecord> {
  await stage.refer(record);
  await stage.upload(record);
  return record;
}

describe("an attachment", () => {
  it("is announced, put and confirmed, and its reference stands in its place", async () => {
    const { stage, lines, events } = createTestStage([server.url]);
    const picture = attachmentOf(PICTURE);
    const record = recordWith({ input: `{"image":"${picture.token}"}` }, picture);
    await pass(stage, record);

    expect(record.input).toBe(`{"image":"${tagOf(PICTURE)}"}`);
    expect(server.methods()).toEqual(["POST", "PUT", "PATCH"]);
    const sha256Hash = createHash("sha256").update(PICTURE).digest("base64");
    expect(server.bodies("POST")).toEqual([
      {
        traceId: record.traceId.hex,
        observationId: record.spanId.hex,
        field: "input",
        contentType: "image/png",
        contentLength: PICTURE.length,
        sha256Hash,
      },
    ]);
    const put = server.requests[1];
    expect(put?.body).toEqual(PICTURE);
    expect(put?.headers).toMatchObject({
      "content-type": "image/png",
      "content-length": String(PICTURE.length),
      "x-amz-checksum-sha256": sha256Hash,
    });
    expect(server.requests[2]?.path).toBe(`/api/public/media/${idOf(PICTURE)}`);
    expect(server.bodies("PATCH")).toEqual([
      {
        uploadedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        uploadHttpStatus: 200,
        uploadTimeMs: expect.any(Number),
      },
    ]);
    expect([lines, events]).toEqual([[], []]);
  });

  it("is replaced in every field and each time that it stands there", async () => {
    const { stage } = createTestStage([server.url]);
    const picture = attachmentOf(PICTURE);
    const { token } = picture;
    const metadata = new Map([
      ["plain", "text"],
      ["shot", token],
    ]);
    const record = recordWith(
      { input: `${token} and ${token}`, output: token, metadata, metadataText: `<${token}>` },
      picture,
    );
    await pass(stage, record);
    const tag = tagOf(PICTURE);
    expect(record).toMatchObject({
      input: `${tag} and ${tag}`,
      output: tag,
      metadata: new Map([
        ["plain", "text"],
        ["shot", tag],
      ]),
      metadataText: `<${tag}>`,
    });
    const fields = server.bodies("POST").map((body) => (body as { field: string }).field);
    expect(fields.sort()).toEqual(["input", "metadata", "output"]);
    expect(server.methods().filter((method) => method === "PUT")).toEqual(["PUT"]);
  });

  it("is neither read nor uploaded when its token stands nowhere", async () => {
    const { stage } = createTestStage([server.url]);
    const load = (): Uint8Array => {
      throw new Error("was read");
    };
    const record = recordWith({ input: "nothing left" }, attachmentOf(PICTURE, { load }));
    await pass(stage, record);
    expect(record.input).toBe("nothing left");
    expect(server.requests).toEqual([]);
  });

  it("is read only after the turn in which its record ended", async () => {
    const { stage } = createTestStage([server.url]);
    const steps: string[] = [];
    const load = (): Uint8Array => {
      steps.push("read");
      return PICTURE;
    };
    const picture = { ...dataUriAttachment(PICTURE), load };
    const record = recordWith({ input: picture.token }, picture);
    const passed = pass(stage, record);
    steps.push("the caller goes on");
    process.nextTick(() => void Promise.resolve().then(() => steps.push("its turn ends")));
    await passed;
    expect(steps).toEqual(["the caller goes on", "its turn ends", "read"]);
    expect(record.input).toBe(tagOf(PICTURE, "base64_data_uri"));
  });

  it("is not uploaded when its reference was taken out", async () => {
    const { stage } = createTestStage([server.url]);
    const [shown, masked] = [attachmentOf(PICTURE), attachmentOf(Buffer.from("masked"))];
    const record = recordWith({ input: shown.token, output: masked.token }, shown, masked);
    await stage.refer(record);
    record.output = "[masked]";
    await stage.upload(record);
    expect(record).toMatchObject({ input: tagOf(PICTURE), output: "[masked]" });
    expect([...server.files.values()]).toEqual([PICTURE]);
  });

  it("that loads late, from a file, is referred to as one", async () => {
    const { stage } = createTestStage([server.url]);
    const file = attachmentOf(PICTURE, {
      source: "file",
      contentType: "Audio/WAV; rate=16000",
      load: async () => PICTURE,
    });
    const record = await pass(stage, recordWith({ output: file.token }, file));
    expect(record.output).toBe(tagOf(PICTURE, "file", "audio/wav"));
    expect(server.bodies("POST")).toMatchObject([{ contentType: "audio/wav" }]);
  });

  it.each([
    [
      "what was no media goes back as it stood",
      "data:image/png;base64,!!",
      "data:image/png;base64,!!",
    ],
    ["what was no text is marked", undefined, "[media unreadable: ENOENT]"],
  ])("that cannot be read: %s", async (_, original, expected) => {
    const { stage } = createTestStage([server.url]);
    const load = (): Promise<Uint8Array> =>
      Promise.reject(Object.assign(new Error("/home/ada/x.png"), { code: "ENOENT" }));
    const lost = attachmentOf(PICTURE, { load, original });
    const record = await pass(stage, recordWith({ input: `<${lost.token}>` }, lost));
    expect(record.input).toBe(`<${expected}>`);
    expect(server.requests).toEqual([]);
  });

  it("that is not read in half of the time is marked, and the others are uploaded", async () => {
    const { stage } = createTestStage([server.url], { timeoutMs: 2_000 });
    const stuck = attachmentOf(PICTURE, { load: () => new Promise(() => undefined) });
    const good = attachmentOf(PICTURE);
    const record = recordWith({ input: stuck.token, output: good.token }, stuck, good);
    await pass(stage, record);
    expect(record.input).toBe("[media unreadable: not read in time]");
    expect(record.output).toBe(tagOf(PICTURE));
    expect(server.methods()).toEqual(["POST", "PUT", "PATCH"]);
  });

  it("larger than maxBytes is recorded by its length alone", async () => {
    const { stage } = createTestStage([server.url], { maxBytes: 8 });
    const large = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ input: large.token }, large));
    expect(record.input).toBe(`[media image/png, ${PICTURE.length} bytes: too large]`);
    expect(server.requests).toEqual([]);
  });
});

describe("the same content", () => {
  it("is put once, however many records refer to it at the same time", async () => {
    const { stage } = createTestStage([server.url]);
    const records = SPAN_IDS.map((spanId) => {
      const picture = attachmentOf(PICTURE);
      return recordWith({ spanId, input: picture.token }, picture);
    });
    await Promise.all(records.map((record) => pass(stage, record)));
    expect(records.map(({ input }) => input)).toEqual(Array(3).fill(tagOf(PICTURE)));
    expect(server.methods().sort()).toEqual(["PATCH", "POST", "POST", "POST", "PUT"]);
    const ids = server
      .bodies("POST")
      .map((body) => (body as { observationId: string }).observationId);
    expect(ids.sort()).toEqual(SPAN_IDS);
  });

  it("that the server has already is not put again", async () => {
    const first = createTestStage([server.url]);
    const second = createTestStage([server.url]);
    for (const { stage } of [first, second]) {
      const picture = attachmentOf(PICTURE);
      const record = await pass(stage, recordWith({ input: picture.token }, picture));
      expect(record.input).toBe(tagOf(PICTURE));
    }
    expect(server.methods()).toEqual(["POST", "PUT", "PATCH", "POST"]);
  });

  it("keeps its reference when the server has it but fails to note another place", async () => {
    const { stage } = createTestStage([server.url]);
    const first = attachmentOf(PICTURE);
    await pass(stage, recordWith({ input: first.token }, first));
    server.override = always("POST", status(400));
    const again = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ input: again.token }, again));
    expect(record.input).toBe(tagOf(PICTURE));
  });

  it("is uploaded at most four at a time", async () => {
    const { stage } = createTestStage([server.url]);
    const answers: (() => void)[] = [];
    server.override = ({ method }) =>
      method === "PUT"
        ? (response) => answers.push(() => response.writeHead(200).end())
        : undefined;
    const media = Array.from({ length: 6 }, (_, index) =>
      attachmentOf(Buffer.from(`file ${index}`)),
    );
    const record = recordWith({ input: media.map(({ token }) => token).join(" ") }, ...media);
    const passed = pass(stage, record);
    await server.received(8); // four announced, four put
    expect(server.methods().sort()).toEqual(Array(8).fill("POST", 0, 4).fill("PUT", 4));
    for (const answer of answers.splice(0)) answer();
    await server.received(8 + 4 + 4); // confirmed; the other two announced and put
    for (const answer of answers.splice(0)) answer();
    await passed;
    expect(server.methods().filter((method) => method === "PUT")).toHaveLength(6);
  });
});

describe("an upload that fails", () => {
  it("for a moment is tried again", async () => {
    const { stage, lines } = createTestStage([server.url]);
    const overloaded = status(429, "", { "retry-after": "0" });
    server.override = (request, index) =>
      onMethod("POST", overloaded)(request, index) ??
      onMethod("PUT", status(500), (response) => response.socket?.destroy())(request, index) ??
      onMethod("PATCH", status(503))(request, index);
    const picture = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ input: picture.token }, picture));
    expect(record.input).toBe(tagOf(PICTURE));
    expect(server.methods()).toEqual(["POST", "POST", "PUT", "PUT", "PUT", "PATCH", "PATCH"]);
    expect(lines).toEqual([]);
  });

  it("for good leaves the content inline, says why there, and once in the log", async () => {
    const { stage, lines, events } = createTestStage([server.url]);
    server.override = always("PUT", status(403, "signature s3cr3t expired"));
    for (const given of [attachmentOf(PICTURE), dataUriAttachment(PICTURE)]) {
      const record = await pass(stage, recordWith({ input: `["${given.token}"]` }, given));
      expect(record.input).toBe(`["[media upload failed: HTTP 403] ${PICTURE_URI}"]`);
    }
    expect(server.methods()).toEqual(["POST", "PUT", "PATCH", "POST", "PUT", "PATCH"]);
    expect(server.bodies("PATCH")).toMatchObject([
      { uploadHttpStatus: 403, uploadHttpError: "HTTP 403" },
      { uploadHttpStatus: 403, uploadHttpError: "HTTP 403" },
    ]);
    const host = new URL(server.url).host;
    expect(lines).toEqual([
      `warn: [playhead] Cannot upload media to ${host}: HTTP 403. They stand inline instead, cut to maxFieldBytes.`,
    ]);
    expect(events).toEqual([
      { kind: "unreachable", signal: "spans", count: 1, reason: "media: HTTP 403" },
    ]);
  });

  it("since the storage never answers ends with the deadline", async () => {
    const { stage } = createTestStage([server.url], { timeoutMs: 300 });
    server.override = always("PUT", silent);
    const picture = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ output: picture.token }, picture));
    expect(record.output).toBe(`[media upload failed: no answer in time] ${PICTURE_URI}`);
    expect(server.methods()).toEqual(["POST", "PUT"]);
  });

  it("since nobody listens leaves the content inline", async () => {
    const { stage } = createTestStage(["http://127.0.0.1:1"], { timeoutMs: 300 });
    const picture = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ output: picture.token }, picture));
    expect(record.output).toBe(`[media upload failed: ECONNREFUSED] ${PICTURE_URI}`);
  });

  it.each([
    ["names the file otherwise", { mediaId: "other", uploadUrl: null }, "unexpected answer"],
    ["is no JSON", "<html>", "unexpected answer"],
    ["names a file of the disk", { uploadUrl: "file:///etc/passwd" }, "unusable upload address"],
    ["names no address", { uploadUrl: 7 }, "unusable upload address"],
  ])("since the answer %s leaves the content inline", async (_, answer, reason) => {
    const { stage } = createTestStage([server.url]);
    const text =
      typeof answer === "string" ? answer : JSON.stringify({ mediaId: idOf(PICTURE), ...answer });
    server.override = always("POST", status(201, text));
    const picture = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ output: picture.token }, picture));
    expect(record.output).toBe(`[media upload failed: ${reason}] ${PICTURE_URI}`);
    expect(server.methods()).toEqual(["POST"]);
  });

  it("keeps JSON valid and the field within maxFieldBytes", async () => {
    const maxFieldBytes = 4_096;
    const { stage } = createTestStage([server.url], { maxFieldBytes });
    server.override = always("PUT", status(400));
    const media = [0, 1, 2].map((seed) => attachmentOf(Buffer.alloc(9_000, seed)));
    const input = JSON.stringify({ text: "ü".repeat(500), media: media.map(({ token }) => token) });
    const record = await pass(stage, recordWith({ input }, ...media));
    const text = record.input ?? "";
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxFieldBytes);
    expect(Buffer.byteLength(text)).toBeGreaterThan(maxFieldBytes - 10);
    const shown: { text: string; media: string[] } = JSON.parse(text);
    expect(shown.text).toBe("ü".repeat(500));
    for (const [index, one] of shown.media.entries()) {
      const [, content = "", missing] =
        /^\[media upload failed: HTTP 400\] data:image\/png;base64,([\w+/]+)\.\.\.\[cut: (\d+) bytes\]$/.exec(
          one,
        ) ?? [];
      const whole = Buffer.alloc(9_000, index).toString("base64");
      expect(whole.startsWith(content)).toBe(true);
      expect(content.length + Number(missing)).toBe(whole.length);
    }
  });

  it("leaves a mark with type, length and reason where there is no room at all", async () => {
    const { stage } = createTestStage([server.url], { maxFieldBytes: 1_024 });
    server.override = always("PUT", status(413));
    const picture = attachmentOf(PICTURE);
    const input = `${"x".repeat(1_000)}${picture.token}`;
    const record = await pass(stage, recordWith({ input }, picture));
    expect(record.input?.slice(1_000)).toBe(`[media image/png, ${PICTURE.length} bytes: HTTP 413]`);
  });
});

describe("a server without the media API", () => {
  it.each([404, 405])(
    "that says %d gets the content as it stood, and is not asked again",
    async (code) => {
      const { stage, lines, events } = createTestStage([server.url]);
      server.override = always("POST", status(code));
      const loads: string[] = [];
      for (const name of ["first", "second"]) {
        const given = dataUriAttachment(PICTURE);
        const load = (): Uint8Array => {
          loads.push(name);
          return PICTURE;
        };
        const record = await pass(
          stage,
          recordWith({ input: `<${given.token}>` }, { ...given, load }),
        );
        expect(record.input).toBe(`<${PICTURE_URI}>`);
      }
      expect(server.methods()).toEqual(["POST"]);
      expect(loads).toEqual(["first"]);
      expect([lines, events]).toEqual([[], []]);
    },
  );

  it("such as a collector is not asked at all", async () => {
    const { stage } = createTestStage([collector(server.url)]);
    const [uri, bytes] = [dataUriAttachment(PICTURE), attachmentOf(PICTURE)];
    const record = recordWith({ input: uri.token, output: bytes.token }, uri, bytes);
    await pass(stage, record);
    expect(record).toMatchObject({ input: PICTURE_URI, output: PICTURE_URI });
    expect(server.requests).toEqual([]);
  });

  it("gets what stood in a text cut to maxFieldBytes", async () => {
    const { stage } = createTestStage([collector(server.url)], { maxFieldBytes: 1_024 });
    const large = dataUriAttachment(Buffer.alloc(3_000, 7));
    const record = await pass(stage, recordWith({ input: `["${large.token}"]` }, large));
    expect(Buffer.byteLength(record.input ?? "")).toBe(1_024);
    const [shown] = JSON.parse(record.input ?? "");
    expect(shown).toMatch(/^data:image\/png;base64,[\w+/]+\.\.\.\[cut: \d+ bytes\]$/);
  });
});

describe("credentials", () => {
  it("go to the endpoint and to no other origin", async () => {
    await using storage = await startMediaServer();
    server.storageUrl = storage.url;
    const { stage } = createTestStage([server.url]);
    const picture = attachmentOf(PICTURE);
    await pass(stage, recordWith({ input: picture.token }, picture));
    expect(server.methods()).toEqual(["POST", "PATCH"]);
    for (const { headers } of server.requests) {
      expect(headers).toMatchObject({ authorization: "Basic a2V5cw==", "x-team": "blue" });
    }
    expect(storage.files.get(idOf(PICTURE))).toEqual(PICTURE);
    const [put] = storage.requests;
    expect(put?.headers).not.toHaveProperty("authorization");
    expect(put?.headers).not.toHaveProperty("x-team");
  });

  it("do not stand beside a signed address of the endpoint itself", async () => {
    const { stage } = createTestStage([server.url]);
    const picture = attachmentOf(PICTURE);
    await pass(stage, recordWith({ input: picture.token }, picture));
    const put = server.requests[1];
    expect(put?.headers).not.toHaveProperty("authorization");
    expect(put?.headers).toMatchObject({ "x-team": "blue" });
  });

  it("and content are not sent after a redirect", async () => {
    await using other = await startMediaServer();
    server.override = always("PUT", status(307, "", { location: `${other.url}/bucket` }));
    const { stage } = createTestStage([server.url]);
    const picture = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ input: picture.token }, picture));
    expect(record.input).toBe(`[media upload failed: HTTP 307] ${PICTURE_URI}`);
    expect(other.requests).toEqual([]);
  });
});

describe("with several targets", () => {
  it("a reference stays where each that keeps files has it", async () => {
    await using second = await startMediaServer();
    const { stage } = createTestStage([server.url, second.url, collector(server.url)]);
    const picture = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ input: picture.token }, picture));
    expect(record.input).toBe(tagOf(PICTURE));
    expect([server, second].map(({ files }) => files.get(idOf(PICTURE)))).toEqual([
      PICTURE,
      PICTURE,
    ]);
  });

  it("the content stands inline where one of them failed", async () => {
    await using second = await startMediaServer();
    second.override = always("POST", status(400));
    const { stage } = createTestStage([server.url, second.url]);
    const picture = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ input: picture.token }, picture));
    expect(record.input).toBe(`[media upload failed: HTTP 400] ${PICTURE_URI}`);
  });

  it("a target that the record does not go to never sees its media", async () => {
    await using second = await startMediaServer();
    const { stage, configs } = createTestStage([server.url, second.url]);
    const picture = attachmentOf(PICTURE);
    const record = recordWith({ input: picture.token }, picture);
    await stage.refer(record, configs.slice(0, 1));
    await stage.upload(record);
    expect(record.input).toBe(tagOf(PICTURE));
    expect(second.requests).toEqual([]);
  });
});

describe("settling", () => {
  it("puts the content inline before anything was begun", () => {
    const { stage } = createTestStage([server.url]);
    const [uri, bytes] = [dataUriAttachment(PICTURE), attachmentOf(PICTURE)];
    const stuck = attachmentOf(PICTURE, { load: () => new Promise(() => undefined) });
    const input = `${uri.token} ${bytes.token} ${stuck.token}`;
    const record = recordWith({ input }, uri, bytes, stuck);
    stage.settle(record);
    expect(record.input).toBe(`${PICTURE_URI} ${PICTURE_URI} [media unreadable: the process ends]`);
  });

  it("before reading has begun puts the content inline, for good", async () => {
    const { stage } = createTestStage([server.url]);
    const picture = attachmentOf(PICTURE);
    const record = recordWith({ input: picture.token }, picture);
    const passed = pass(stage, record);
    stage.settle(record);
    expect(record.input).toBe(PICTURE_URI);
    await passed;
    expect(record.input).toBe(PICTURE_URI);
    expect(server.requests).toEqual([]);
  });

  it("while media are read leaves the record alone afterwards", async () => {
    const { stage } = createTestStage([server.url]);
    let arrive: (bytes: Uint8Array) => void = () => undefined;
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const load = (): Promise<Uint8Array> =>
      new Promise((resolve) => {
        arrive = resolve;
        begin();
      });
    const [slow, fast] = [attachmentOf(PICTURE, { load }), dataUriAttachment(PICTURE)];
    const record = recordWith({ input: `${slow.token} ${fast.token}` }, slow, fast);
    const referred = stage.refer(record);
    await begun;
    stage.settle(record);
    const settled = `[media unreadable: the process ends] ${PICTURE_URI}`;
    expect(record.input).toBe(settled);
    arrive(PICTURE);
    await referred;
    await stage.upload(record);
    expect(record.input).toBe(settled);
    expect(server.requests).toEqual([]);
  });

  it("while an upload is under way puts the content inline, for good", async () => {
    const { stage, lines } = createTestStage([server.url]);
    let answer: () => void = () => undefined;
    server.override = always("PUT", (response) => {
      answer = () => response.writeHead(200).end();
    });
    const picture = attachmentOf(PICTURE);
    const record = recordWith({ input: picture.token }, picture);
    await stage.refer(record);
    const uploaded = stage.upload(record);
    await server.received(2);
    stage.settle(record);
    expect(record.input).toBe(PICTURE_URI);
    answer();
    await uploaded;
    expect(record.input).toBe(PICTURE_URI);
    expect(lines).toEqual([]);
  });

  it("leaves references to what was uploaded", async () => {
    const { stage } = createTestStage([server.url]);
    const picture = attachmentOf(PICTURE);
    const record = await pass(stage, recordWith({ input: picture.token }, picture));
    stage.settle(record);
    expect(record.input).toBe(tagOf(PICTURE));

    const again = dataUriAttachment(PICTURE);
    const other = dataUriAttachment(Buffer.from("another picture"));
    const late = recordWith({ input: `${again.token} ${other.token}` }, again, other);
    stage.settle(late);
    expect(late.input).toBe(`${tagOf(PICTURE, "base64_data_uri")} ${other.original}`);
  });
});

describe("media that wait", () => {
  it("beyond maxPendingBytes leave a mark where they are large, which is said once", async () => {
    const { stage, lines } = createTestStage([server.url], { maxPendingBytes: 100_000 });
    server.override = always("POST", silent);
    const waiting = attachmentOf(randomBytes(99_000));
    const first = recordWith({ input: waiting.token }, waiting);
    const passed = pass(stage, first);
    await server.received(1);
    const mark = "[media image/png, 60001 bytes: too many waiting]";
    for (const make of [attachmentOf, dataUriAttachment]) {
      const [large, small] = [make(randomBytes(60_001)), make(randomBytes(3_000))];
      const record = recordWith({ input: large.token, output: small.token }, large, small);
      await pass(stage, record);
      expect(record.input).toBe(mark);
      expect(record.output).toMatch(/^data:image\/png;base64,[\w+/]{4000}$/);
    }
    expect(server.requests).toHaveLength(1);
    expect(lines).toEqual([
      "warn: [playhead] More than 100000 bytes of media wait for their upload: what comes beyond stands inline up to 4096 bytes of text, and leaves a mark of its type and size beyond that. Raise maxQueueBytes, or record fewer of them at a time.",
    ]);
    stage.settle(first);
    server.override = () => undefined;
    const next = attachmentOf(randomBytes(90_000));
    const record = await pass(stage, recordWith({ input: next.token }, next));
    expect(record.input).toMatch(/^@@@langfuseMedia:/);
    await server[Symbol.asyncDispose]();
    await passed;
  });

  it("beyond maxPendingBytes are not even read where they were a text and nothing has room", async () => {
    const { stage } = createTestStage([server.url], { maxPendingBytes: 100_000 });
    server.override = always("POST", silent);
    const waiting = attachmentOf(randomBytes(100_000));
    const first = recordWith({ input: waiting.token }, waiting);
    const passed = pass(stage, first);
    await server.received(1);
    const load = (): Uint8Array => {
      throw new Error("was read");
    };
    const base64 = randomBytes(60_002).toString("base64");
    const part = attachmentOf(PICTURE, { load, original: base64 });
    const record = await pass(stage, recordWith({ input: `"${part.token}"` }, part));
    expect(record.input).toBe('"[media image/png, 60002 bytes: too many waiting]"');
    stage.settle(first);
    await server[Symbol.asyncDispose]();
    await passed;
  });
});
