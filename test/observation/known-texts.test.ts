import { describe, expect, it } from "vitest";
import { KnownTexts } from "../../src/observation/known-texts";
import { collectGarbage } from "../support/collect-garbage";

describe("KnownTexts", () => {
  it("has what was added, and nothing else", () => {
    const known = new KnownTexts();
    known.add("name");
    known.add("名前 🎭");
    expect(["name", "名前 🎭", "nam", "", 3, null, undefined].map((one) => known.has(one))).toEqual(
      [true, true, false, false, false, false, false],
    );
  });

  it("does not remember long texts", () => {
    const known = new KnownTexts();
    known.add("x".repeat(128));
    known.add("x".repeat(129));
    expect([known.has("x".repeat(128)), known.has("x".repeat(129))]).toEqual([true, false]);
  });

  it("remembers 256 at most", () => {
    const known = new KnownTexts();
    const texts = Array.from({ length: 257 }, (_, at) => `name ${at}`);
    for (const text of texts) known.add(text);
    expect(texts.filter((text) => known.has(text))).toEqual(["name 256"]);
  });

  it("does not keep the long text in memory that a name is a part of", () => {
    const known = new KnownTexts();
    const heapMb = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed / 1e6;
    };
    const before = heapMb();
    for (let at = 0; at < 100; at += 1) {
      const long = `${at} `.padEnd(500_000, String.fromCharCode(97 + (at % 26)));
      known.add(long.slice(0, 60));
    }
    expect(heapMb() - before).toBeLessThan(10);
  });
});
