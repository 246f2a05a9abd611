import { describe, expect, it } from "vitest";
import { guard, reportDefect } from "../../src/diagnostics/guard";
import { createDiagnostics } from "../../src/diagnostics/logger";
import { createLevelLog } from "../support/level-log";

function recorded(): { diagnostics: ReturnType<typeof createDiagnostics>; lines: string[] } {
  const { logger, lines } = createLevelLog();
  return { diagnostics: createDiagnostics(logger, "warn"), lines };
}

describe("guard", () => {
  it("returns what the work returns", () => {
    expect(guard(recorded().diagnostics, () => 5)).toBe(5);
  });

  it("returns undefined and says kind and place of what the work throws", () => {
    const { diagnostics, lines } = recorded();
    const result = guard(diagnostics, () => {
      throw new RangeError("content");
    });
    expect(result).toBeUndefined();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^warn: \[playhead\] Tracing failed inside Playhead \(RangeError at .+guard\.test\.ts.+\); your call went on untouched\.$/,
    );
  });

  it("says the same defect once", () => {
    const { diagnostics, lines } = recorded();
    const fail = (): never => {
      throw new Error("x");
    };
    for (let time = 0; time < 3; time += 1) guard(diagnostics, fail);
    expect(lines).toHaveLength(1);
  });

  it("never shows the error's message, not even a line of it that looks like a frame", () => {
    const { diagnostics, lines } = recorded();
    reportDefect(diagnostics, new Error("first\nsecret-line\n    at secret-frame"));
    expect(lines.join("\n")).not.toContain("secret");
    expect(lines[0]).toContain("Error at ");
  });

  it.each<[string, () => unknown]>([
    ["a text", () => "x"],
    ["undefined", () => undefined],
    ["null", () => null],
    ["an object without a prototype", () => Object.create(null)],
    ["an error with a stack that is no text", () => Object.assign(new Error("x"), { stack: [1] })],
    ["an error without a stack", () => Object.assign(new Error("x"), { stack: undefined })],
    ["an error whose name is a symbol", () => Object.assign(new Error("x"), { name: Symbol("n") })],
    ["an error whose message is no text", () => Object.assign(new Error("x"), { message: 5 })],
    [
      "an error whose stack throws",
      () =>
        Object.defineProperty(new Error("x"), "stack", {
          get() {
            throw new Error("y");
          },
        }),
    ],
    [
      "a proxy that lets nothing be asked",
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
  ])("survives work that throws %s", (_, thrown) => {
    const { diagnostics, lines } = recorded();
    expect(() =>
      guard(diagnostics, () => {
        throw thrown();
      }),
    ).not.toThrow();
    expect(lines).toHaveLength(1);
  });
});
