import { describe, expect, it } from "vitest";
import { createDiagnostics, LOG_LEVELS } from "../../src/diagnostics/logger";
import { createLevelLog } from "../support/level-log";

describe("createDiagnostics", () => {
  it.each([
    ["debug", ["debug", "info", "warn", "error"]],
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
    ["silent", []],
  ] as const)("at level %s writes %j", (level, written) => {
    const { logger, lines } = createLevelLog();
    const diagnostics = createDiagnostics(logger, level);
    for (const at of LOG_LEVELS) if (at !== "silent") diagnostics[at]("text");
    expect(lines).toEqual(written.map((at) => `${at}: [playhead] text`));
  });

  it("warns once per episode, and again after the episode was settled", () => {
    const { logger, lines } = createLevelLog();
    const diagnostics = createDiagnostics(logger, "info");
    diagnostics.warnOnce("endpoint", "down");
    diagnostics.warnOnce("endpoint", "still down");
    diagnostics.warnOnce("queue", "full");
    diagnostics.settle("endpoint", "up");
    diagnostics.warnOnce("endpoint", "down again");
    expect(lines).toEqual([
      "warn: [playhead] down",
      "warn: [playhead] full",
      "info: [playhead] up",
      "warn: [playhead] down again",
    ]);
  });

  it("says nothing when an episode ends that never began", () => {
    const { logger, lines } = createLevelLog();
    const diagnostics = createDiagnostics(logger, "debug");
    diagnostics.settle("endpoint", "up");
    diagnostics.warnOnce("endpoint", "down");
    diagnostics.settle("endpoint");
    expect(lines).toEqual(["warn: [playhead] down"]);
  });

  it("opens the episode also where the level keeps it quiet", () => {
    const { logger, lines } = createLevelLog();
    const diagnostics = createDiagnostics(logger, "silent");
    diagnostics.warnOnce("endpoint", "down");
    diagnostics.settle("endpoint", "up");
    expect(lines).toEqual([]);
  });

  it("keeps to itself what a logger throws", () => {
    const refuse = (): never => {
      throw new Error("disk full");
    };
    const diagnostics = createDiagnostics(
      { debug: refuse, info: refuse, warn: refuse, error: refuse },
      "debug",
    );
    expect(() => {
      diagnostics.error("a");
      diagnostics.warnOnce("topic", "b");
      diagnostics.settle("topic", "c");
    }).not.toThrow();
  });

  it("calls the logger's methods on the logger", () => {
    class Collector {
      readonly lines: string[] = [];
      debug(line: string): void {
        this.lines.push(line);
      }
      info = this.debug;
      warn = this.debug;
      error = this.debug;
    }
    const collector = new Collector();
    createDiagnostics(collector, "warn").warn("text");
    expect(collector.lines).toEqual(["[playhead] text"]);
  });
});
