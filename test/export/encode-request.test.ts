import { describe, expect, it } from "vitest";
import { createRequestEncoder } from "../../src/export/encode-request";
import { encodeSpan } from "../../src/export/encode-span";
import { stamp } from "../../src/export/stamp";
import { decodeRequest } from "../support/decode-request";
import { createRecord, encodeBody, released, wholeRequests } from "../support/span-records";

const HEAD = {
  serviceName: "shop",
  environment: "staging",
  release: "1.2.3",
  sdkName: "playhead",
  sdkVersion: "0.1.0",
};

const SESSION = { sessionId: "s" };

describe("createRequestEncoder", () => {
  it("says once who sends, as resource and scope", () => {
    const { resource, scope } = decodeRequest(wholeRequests(HEAD)([]));
    expect(new Map(resource)).toEqual(
      new Map([
        ["service.name", "shop"],
        ["telemetry.sdk.language", "nodejs"],
        ["telemetry.sdk.name", "playhead"],
        ["telemetry.sdk.version", "0.1.0"],
        ["langfuse.environment", "staging"],
        ["langfuse.release", "1.2.3"],
      ]),
    );
    expect(scope).toEqual({ name: "playhead", version: "0.1.0" });
  });

  it("leaves out what is not known", () => {
    const head = { ...HEAD, serviceName: undefined, environment: undefined, release: undefined };
    const keys = decodeRequest(wholeRequests(head)([])).resource.map(([key]) => key);
    expect(keys).toEqual(["telemetry.sdk.language", "telemetry.sdk.name", "telemetry.sdk.version"]);
  });

  it("gives the same bytes for the same spans, so that a repeat is harmless", () => {
    const encode = wholeRequests(HEAD);
    const spans = [released(encodeBody(createRecord())), released(encodeBody(createRecord()))];
    const first = encode(spans);
    encode([released(encodeBody(createRecord({ input: "x".repeat(100_000) })))]);
    expect(encode(spans).equals(first)).toBe(true);
  });

  it("carries a thousand spans in the order given", () => {
    const spans = Array.from({ length: 1_000 }, (_, index) =>
      released(encodeBody(createRecord({ name: `${index}` }))),
    );
    const request = decodeRequest(wholeRequests(HEAD)(spans));
    expect(request.spans.map(({ name }) => Number(name))).toEqual(spans.map((_, index) => index));
  });

  describe("of spans that stand in memory one behind the other", () => {
    const ended = (input: string, name = "work", attributes = SESSION) =>
      encodeSpan(createRecord({ input, name }), attributes);
    const names = (pieces: readonly Buffer[]) =>
      decodeRequest(Buffer.concat(pieces)).spans.map(({ name }) => name);
    const inPieces = { isInOnePiece: false, allocate: Buffer.allocUnsafeSlow };

    it("takes their memory as it is, without a copy", () => {
      const spans = ["a", "b", "c"].map((name) => ended("x".repeat(9_000), name));
      const { pieces, ownMemory } = createRequestEncoder(HEAD)(spans, inPieces);
      expect(ownMemory).toBeUndefined();
      expect(names(pieces)).toEqual(["a", "b", "c"]);
      const memory = new Set(spans.map(({ whole }) => whole?.memory.buffer));
      expect(pieces.slice(1).every(({ buffer }) => memory.has(buffer))).toBe(true);
    });

    it("copies them where they are in many places, or have got other attributes", () => {
      const encode = createRequestEncoder(HEAD);
      const scattered = Array.from({ length: 50 }, (_, index) => {
        ended("between");
        return ended("x", `${index}`);
      });
      expect(encode([...scattered.slice(0, 2)], inPieces).ownMemory).toBeDefined();
      const apart = encode(scattered, inPieces);
      expect(apart.pieces).toEqual([apart.ownMemory]);
      expect(names(apart.pieces)).toEqual(scattered.map((_, index) => `${index}`));

      const changed = ended("x".repeat(20_000));
      stamp([changed], () => ({ sessionId: "later" }));
      const { pieces, ownMemory } = encode([changed], inPieces);
      expect(pieces).toEqual([ownMemory]);
      const [span] = decodeRequest(Buffer.concat(pieces)).spans;
      expect(span?.attributes.filter(([key]) => key === "session.id")).toEqual([
        ["session.id", "later"],
      ]);
    });

    it("is one piece where that is asked for", () => {
      const spans = [ended("x".repeat(20_000), "a"), ended("y".repeat(20_000), "b")];
      const { pieces, ownMemory } = createRequestEncoder(HEAD)(spans);
      expect(pieces).toEqual([ownMemory]);
      expect(names(pieces)).toEqual(["a", "b"]);
    });
  });
});
