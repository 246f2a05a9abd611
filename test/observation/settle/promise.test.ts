import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { makesPromise } from "../../../src/observation/settle/promise";

describe("makesPromise", () => {
  it.each([
    ["an async function", async () => undefined, true],
    ["an async method", { async run() {} }.run, true],
    ["one of another realm", runInNewContext("(async () => 1)") as () => unknown, true],
    ["a function", () => Promise.resolve(), false],
    ["a generator function", function* () {}, false],
    ["an async generator function", async function* () {}, false],
    ["a proxy of an async function", new Proxy(async () => undefined, {}), false],
    ["a bound async function", (async () => undefined).bind(undefined), false],
    ["a class", class {}, false],
  ])("of %s: %s", (_, work, expected) => {
    expect(makesPromise(work)).toBe(expected);
  });
});
