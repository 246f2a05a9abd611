import { describe, expect, it } from "vitest";
import { LastTraceAttributes } from "../../src/export/last-trace-attributes";
import { OtlpAttributeWriter } from "../../src/export/otlp-attributes";
import { SPAN } from "../../src/export/otlp-tags";
import { ProtobufWriter } from "../../src/export/protobuf-writer";
import { decodeAttributes } from "../support/decode-request";

describe("LastTraceAttributes", () => {
  const attributes = { sessionId: "s", userId: "u" };
  const expected = [
    ["session.id", "s"],
    ["user.id", "u"],
  ];

  it("reads attributes once while they come in a row", () => {
    const writer = new ProtobufWriter();
    let visits = 0;
    const visitor = new OtlpAttributeWriter(writer, SPAN.attributes);
    const counting = {
      string: (key: string, value: string) => {
        visits += 1;
        visitor.string(key, value);
      },
      strings: visitor.strings,
      boolean: visitor.boolean,
    };
    const last = new LastTraceAttributes(writer, counting);
    for (let time = 0; time < 3; time += 1) {
      writer.begin();
      last.write(attributes);
      expect(decodeAttributes(writer.finish())).toEqual(expected);
    }
    expect(visits).toBe(2);
    last.write({ ...attributes });
    expect(visits).toBe(4);
  });

  it("writes them anew where what it wrote was given up", () => {
    const writer = new ProtobufWriter();
    const last = new LastTraceAttributes(writer, new OtlpAttributeWriter(writer, SPAN.attributes));
    writer.begin();
    last.write(attributes);
    writer.abandon();
    last.forget();
    writer.begin();
    writer.bytes(Buffer.alloc(100, 7));
    writer.finish();
    writer.begin();
    last.write(attributes);
    expect(decodeAttributes(writer.finish())).toEqual(expected);
  });
});
