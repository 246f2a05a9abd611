import { expect, it } from "vitest";
import type { JsonValue } from "../../../src/studio/api/types";
import { prettyJson } from "../../../src/studio/conversation/pretty-json";

it("indents by two spaces", () => {
  expect(prettyJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
});

it("writes a value that is nested 100,000 levels deep on one line, without its depths", () => {
  let value: JsonValue = "deep";
  for (let level = 0; level < 100_000; level++) value = [value];
  expect(prettyJson(value)).toBe(`${"[".repeat(64)}…${"]".repeat(64)}`);
});
