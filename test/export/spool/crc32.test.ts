import { expect, it } from "vitest";
import { crc32 } from "../../../src/export/spool/crc32";

it("gives the check value of CRC-32", () => {
  expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
});

it.each([
  ["", 0],
  ["a", 0xe8b7be43],
  ["The quick brown fox jumps over the lazy dog", 0x414fa339],
])("gives the known sum of %j", (text, sum) => {
  expect(crc32(Buffer.from(text))).toBe(sum);
});

it("sums parts one after the other to the sum of the whole, wherever they are cut", () => {
  const whole = Buffer.from(Array.from({ length: 67 }, (_, index) => (index * 37) % 256));
  for (let cut = 0; cut <= whole.length; cut += 1) {
    expect(crc32(whole.subarray(cut), crc32(whole.subarray(0, cut)))).toBe(crc32(whole));
  }
});
