import { describe, expect, it } from "vitest";
import { SpanLabels } from "../../src/export/span-labels";
import { collectGarbage } from "../support/collect-garbage";

const SPAN = { type: "span", isRoot: false, isParentRemote: false } as const;
const BYTES = Buffer.from("bytes");

describe("SpanLabels", () => {
  it("remembers the labels of a name, each for spans that are alike in the rest", () => {
    const labels = new SpanLabels();
    const variants = (["span", "generation"] as const).flatMap((type) =>
      [true, false].flatMap((isRoot) =>
        [true, false].map((isParentRemote) => ({ name: "a", type, isRoot, isParentRemote })),
      ),
    );
    for (const [at, variant] of variants.entries()) {
      expect(labels.find(variant)).toBeUndefined();
      labels.add(variant, Buffer.from(`${at}`));
    }
    for (const [at, variant] of variants.entries()) {
      expect(labels.find(variant)?.toString()).toBe(`${at}`);
      expect(labels.find({ ...variant, name: "b" })).toBeUndefined();
    }
  });

  it("copies the bytes", () => {
    const labels = new SpanLabels();
    const given = Buffer.from("bytes");
    labels.add({ ...SPAN, name: "a" }, given);
    given.fill(0);
    expect(labels.find({ ...SPAN, name: "a" })?.toString()).toBe("bytes");
  });

  it("remembers a thousand short names at most, and goes on knowing those", () => {
    const labels = new SpanLabels();
    labels.add({ ...SPAN, name: "x".repeat(129) }, BYTES);
    expect(labels.find({ ...SPAN, name: "x".repeat(129) })).toBeUndefined();
    const names = Array.from({ length: 1_100 }, (_, at) => `name ${at}`);
    for (const name of names) labels.add({ ...SPAN, name }, BYTES);
    const known = names.filter((name) => labels.find({ ...SPAN, name }) !== undefined);
    expect(known).toEqual(names.slice(0, 1_000));
    labels.add({ ...SPAN, name: "name 0", isRoot: true }, BYTES);
    expect(labels.find({ ...SPAN, name: "name 0", isRoot: true })).toBeDefined();
  });

  it("does not keep the long text in memory that a name is a part of", () => {
    const labels = new SpanLabels();
    const heapMb = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed / 1e6;
    };
    const before = heapMb();
    for (let at = 0; at < 100; at += 1) {
      const long = `${at} `.padEnd(500_000, String.fromCharCode(97 + (at % 26)));
      labels.add({ ...SPAN, name: long.slice(0, 60) }, BYTES);
    }
    expect(heapMb() - before).toBeLessThan(10);
  });
});
