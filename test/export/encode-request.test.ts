import { describe, expect, it } from "vitest";
import { createRequestEncoder } from "../../src/export/encode-request";
import { encodeSpan } from "../../src/export/encode-span";
import { decodeRequest } from "../support/decode-request";
import { createRecord, released } from "../support/span-records";

const HEAD = {
  serviceName: "shop",
  environment: "staging",
  release: "1.2.3",
  sdkName: "playhead",
  sdkVersion: "0.1.0",
};

describe("createRequestEncoder", () => {
  it("says once who sends, as resource and scope", () => {
    const { resource, scope } = decodeRequest(createRequestEncoder(HEAD)([]));
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
    const keys = decodeRequest(createRequestEncoder(head)([])).resource.map(([key]) => key);
    expect(keys).toEqual(["telemetry.sdk.language", "telemetry.sdk.name", "telemetry.sdk.version"]);
  });

  it("gives the same bytes for the same spans, so that a repeat is harmless", () => {
    const encode = createRequestEncoder(HEAD);
    const spans = [released(encodeSpan(createRecord())), released(encodeSpan(createRecord()))];
    const first = encode(spans);
    encode([released(encodeSpan(createRecord({ input: "x".repeat(100_000) })))]);
    expect(encode(spans).equals(first)).toBe(true);
  });

  it("carries a thousand spans in the order given", () => {
    const spans = Array.from({ length: 1_000 }, (_, index) =>
      released(encodeSpan(createRecord({ name: `${index}` }))),
    );
    const request = decodeRequest(createRequestEncoder(HEAD)(spans));
    expect(request.spans.map(({ name }) => Number(name))).toEqual(spans.map((_, index) => index));
  });
});
