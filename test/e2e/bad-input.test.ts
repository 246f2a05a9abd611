import { type FlushReport, Playhead, PlayheadError, type PlayheadOptions } from "playhead";
import { describe, expect, it } from "vitest";
import { deadUrl } from "./support/ports";
import { runApp } from "./support/run-app";
import { openStudio } from "./support/studio";

interface Printed {
  readonly result: string;
  readonly report: FlushReport;
}

describe("delivery that fails", () => {
  it("keeps the spans and says once what to check when the key is wrong", async () => {
    const studio = await openStudio({ publicKey: "pk-lf-right", secretKey: "sk-lf-right" });

    const run = await runApp("flushes", {
      LANGFUSE_BASE_URL: studio.url,
      LANGFUSE_PUBLIC_KEY: "pk-lf-right",
      LANGFUSE_SECRET_KEY: "sk-lf-wrong",
      PLAYHEAD_SHUTDOWN_TIMEOUT_MS: "500",
    });

    const reason = "HTTP 401: Invalid credentials. Confirm that you've configured the correct host";
    const { result, report } = run.result<Printed>();
    expect(result).toBe("the program's result");
    expect(report).toMatchObject({
      offered: 1,
      delivered: 0,
      rejected: 0,
      dropped: 0,
      pending: 1,
      isComplete: false,
      lastError: reason,
    });
    expect(run.exitCode).toBe(0);
    expect(run.warnings).toEqual([
      `[playhead] Cannot deliver spans: ${reason}. Check publicKey and secretKey (LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY), and that they belong to this address. They are kept and tried again.`,
      `[playhead] 1 span or score could not be delivered to ${studio.url} (${reason}); kept in .playhead/spool for the next start.`,
    ]);
    expect(run.warnings.join("")).not.toContain("sk-lf-wrong");
  });

  it("keeps the spans and says so once when the host is unreachable", async () => {
    const url = await deadUrl();

    const run = await runApp("flushes", {
      LANGFUSE_BASE_URL: url,
      PLAYHEAD_SHUTDOWN_TIMEOUT_MS: "500",
    });

    const { result, report } = run.result<Printed>();
    expect(result).toBe("the program's result");
    expect(report).toMatchObject({
      offered: 1,
      pending: 1,
      isComplete: false,
      lastError: "ECONNREFUSED",
    });
    expect(run.exitCode).toBe(0);
    expect(run.warnings).toEqual([
      `[playhead] Cannot deliver spans: ECONNREFUSED. Check that ${url} is right (baseUrl, LANGFUSE_BASE_URL) and is running; "npx playhead studio" starts a local one. They are kept and tried again.`,
      `[playhead] 1 span or score could not be delivered to ${url} (ECONNREFUSED); kept in .playhead/spool for the next start.`,
    ]);
  });

  it("warns of an invalid environment variable once and uses the default", async () => {
    const studio = await openStudio();

    const run = await runApp("flushes", {
      LANGFUSE_BASE_URL: studio.url,
      LANGFUSE_SAMPLE_RATE: "2",
    });

    expect(run.result<Printed>().report).toMatchObject({ delivered: 1, isComplete: true });
    expect(run.exitCode).toBe(0);
    expect(run.warnings).toEqual([
      '[playhead] Ignoring LANGFUSE_SAMPLE_RATE: expected it from 0 to 1, got "2".',
    ]);
  });
});

describe("options", () => {
  it("throws one error that lists every unknown and invalid option", () => {
    const options = {
      flushIntervalMs: -1,
      sampleRate: 2,
      logLevel: "loud",
      baseURL: "http://127.0.0.1:1",
      colour: "red",
    } as unknown as PlayheadOptions; // as a JavaScript program may pass them

    const error = caught(() => new Playhead(options));

    expect(error).toBeInstanceOf(PlayheadError);
    expect(error).toMatchObject({ code: "INVALID_OPTIONS" });
    expect(error instanceof Error ? error.message.split("\n").sort() : []).toEqual([
      "Expected flushIntervalMs to be a whole number of milliseconds, at least 1, got -1.",
      'Expected logLevel to be one of debug, info, warn, error, silent, got "loud".',
      "Expected sampleRate from 0 to 1, got 2.",
      "Unknown option baseURL; did you mean baseUrl?",
      "Unknown option colour.",
    ]);
  });

  it("never shows a key in the message", () => {
    const options = { secretKey: { nested: "sk-lf-secret" } } as unknown as PlayheadOptions; // a mistake

    expect(caught(() => new Playhead(options))).toMatchObject({
      message: "Expected secretKey to be a key on one line, got a value of type object.",
    });
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("Expected an error, got none");
}
