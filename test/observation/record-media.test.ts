import { describe, expect, it } from "vitest";
import type { SpanRecord } from "../../src/attributes/span-record";
import { ContextStore } from "../../src/context/context-store";
import { createDiagnostics } from "../../src/diagnostics/logger";
import { createClock } from "../../src/observation/clock";
import { createFieldReader } from "../../src/observation/field-reader";
import type { Observation } from "../../src/observation/observation";
import { startObservation } from "../../src/observation/start-observation";
import { createRecordingLogger } from "../support/recording-logger";

const IMAGE = Buffer.from("\x89PNG\r\n\x1a\n and more", "latin1");
const IMAGE_URI = `data:image/png;base64,${IMAGE.toString("base64")}`;
const TOKEN = /@@@playhead:[^@]+@@@/g;
const FIELDS = ["input", "output", "metadataText"] as const;

/** The record of an observation that `use` has had. */
function recorded(
  use: (observation: Observation) => void,
  media?: { maxBytes: number },
): SpanRecord {
  const records: SpanRecord[] = [];
  const diagnostics = createDiagnostics(createRecordingLogger(), "warn");
  const observation = startObservation(
    {
      context: new ContextStore(),
      clock: createClock(),
      reader: createFieldReader({ maxFieldBytes: 65_536, media }, diagnostics),
      sink: { end: (_, record) => records.push(record), release() {}, score() {} },
      diagnostics,
      sampleRate: 1,
      keepErrors: false,
      environment: undefined,
      maxFieldBytes: 65_536,
      shouldExport: undefined,
    },
    "span",
    { name: "work" },
    undefined,
    undefined,
  );
  use(observation);
  observation.end();
  const [record] = records;
  if (record === undefined) throw new Error("Nothing ended");
  return record;
}

/** `[field, where its token stands]` of each attachment. */
function places(record: SpanRecord): [string, string[]][] {
  const texts: [string, string | undefined][] = [
    ...FIELDS.map((name): [string, string | undefined] => [name, record[name]]),
    ...(record.metadata ?? new Map<string, string>()),
  ];
  return (record.media ?? []).map(({ field, token }) => [
    field,
    texts.filter(([, text]) => text?.includes(token)).map(([name]) => name),
  ]);
}

const ON = { maxBytes: 1_000 };

describe("media of an observation", () => {
  it.each([
    ["a text", `see ${IMAGE_URI}`],
    ["a text that is an object", Object(IMAGE_URI)],
    ["the name of a symbol", Symbol(IMAGE_URI)],
  ])("are found in %s", (_, value) => {
    const record = recorded((observation) => observation.update({ input: value }), ON);
    expect(places(record)).toEqual([["input", ["input"]]]);
    expect(record.input).not.toContain("base64");
  });

  it("are attached to its record by field", () => {
    const record = recorded((observation) => {
      observation.update({
        input: [IMAGE],
        output: { a: IMAGE },
        metadata: { b: IMAGE, c: IMAGE },
      });
    }, ON);
    expect(places(record)).toEqual([
      ["input", ["input"]],
      ["output", ["output"]],
      ["metadata", ["b"]],
      ["metadata", ["c"]],
    ]);
  });

  it("go when the field, or the key of metadata, is given anew or cleared", () => {
    const record = recorded((observation) => {
      observation.update({ input: IMAGE, output: IMAGE, metadata: { b: IMAGE, c: IMAGE } });
      observation.update({ input: "text", output: [IMAGE], metadata: { b: "text" } });
    }, ON);
    expect(places(record)).toEqual([
      ["metadata", ["c"]],
      ["output", ["output"]],
    ]);
    const cleared = recorded((observation) => {
      observation.update({ input: IMAGE, metadata: { b: IMAGE } });
      observation.update({ input: null, metadata: null });
    }, ON);
    expect(cleared.media).toBeUndefined();
  });

  it("are attached to metadata that is no object", () => {
    const record = recorded(
      (observation) => observation.update({ metadata: [IMAGE] as never }),
      ON,
    );
    expect(places(record)).toEqual([["metadata", ["metadataText"]]]);
  });

  it("given to the trace go with the root, in place of the root's own", () => {
    const record = recorded((observation) => {
      observation.update({ input: IMAGE, output: IMAGE });
      observation.updateTrace({ input: "first" });
      observation.updateTrace({ input: [IMAGE] });
    }, ON);
    expect(places(record)).toEqual([
      ["output", ["output"]],
      ["input", ["input"]],
    ]);
  });

  it("are looked for in inputs, outputs and metadata only", () => {
    const uri = `data:image/png;base64,${IMAGE.toString("base64")}`;
    const record = recorded((observation) => {
      observation.update({ statusMessage: uri, modelParameters: { uri }, name: uri });
      observation.recordError(new Error(uri));
      observation.updateTrace({ metadata: { uri }, tags: [uri], sessionId: uri });
    }, ON);
    expect(record.media).toBeUndefined();
    expect(JSON.stringify(record)).not.toMatch(TOKEN);
  });

  it("stay where they are when media are off", () => {
    const record = recorded((observation) => observation.update({ input: [IMAGE] }));
    expect(record.media).toBeUndefined();
    expect(record.input).toBe(`["[Buffer: ${IMAGE.length} bytes]"]`);
  });
});
