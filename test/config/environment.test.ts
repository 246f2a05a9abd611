import { describe, expect, it } from "vitest";
import { readEnvironment } from "../../src/config/environment";
import { resolveConfig } from "../../src/config/resolve";

describe("environment variables", () => {
  it.each<[string, string, string, unknown]>([
    ["LANGFUSE_PUBLIC_KEY", "pk-lf-1", "publicKey", "pk-lf-1"],
    ["LANGFUSE_SECRET_KEY", " sk-lf-1\n", "secretKey", "sk-lf-1"],
    ["LANGFUSE_BASE_URL", "http://h", "baseUrl", "http://h"],
    ["LANGFUSE_HOST", "http://h", "baseUrl", "http://h"],
    ["LANGFUSE_BASEURL", "http://h", "baseUrl", "http://h"],
    ["PLAYHEAD_ENDPOINT", "http://h/v1/traces", "endpoint", "http://h/v1/traces"],
    ["LANGFUSE_TIMEOUT", "2.5", "timeoutMs", 2_500],
    ["LANGFUSE_TRACING_ENABLED", "FALSE", "enabled", false],
    ["LANGFUSE_TRACING_ENABLED", "1", "enabled", true],
    ["LANGFUSE_SAMPLE_RATE", "0.25", "sampleRate", 0.25],
    ["LANGFUSE_TRACING_ENVIRONMENT", "staging", "environment", "staging"],
    ["LANGFUSE_RELEASE", "v1", "release", "v1"],
    ["LANGFUSE_FLUSH_INTERVAL", "3", "flushIntervalMs", 3_000],
    ["LANGFUSE_FLUSH_AT", "15", "maxBatchSpans", 15],
    ["PLAYHEAD_MAX_BATCH_BYTES", "4096", "maxBatchBytes", 4_096],
    ["PLAYHEAD_MAX_QUEUE_BYTES", "4096", "maxQueueBytes", 4_096],
    ["PLAYHEAD_HOLD_MS", "0", "holdMs", 0],
    ["PLAYHEAD_MAX_HOLD_BYTES", "4096", "maxHoldBytes", 4_096],
    ["PLAYHEAD_COMPRESSION", "None", "compression", "none"],
    ["PLAYHEAD_SHUTDOWN_TIMEOUT_MS", "0", "shutdownTimeoutMs", 0],
    ["LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED", "off", "captureInput", false],
    ["LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED", "off", "captureOutput", false],
    ["PLAYHEAD_MAX_FIELD_BYTES", "4096", "maxFieldBytes", 4_096],
    ["LANGFUSE_MEDIA_UPLOAD_ENABLED", "false", "media", false],
    ["LANGFUSE_LOG_LEVEL", "ERROR", "logLevel", "error"],
    ["LANGFUSE_DEBUG", "true", "logLevel", "debug"],
  ])("%s=%j sets %s", (variable, text, option, value) => {
    const { values, problems } = readEnvironment({ [variable]: text });
    expect(values).toHaveProperty(option, value);
    expect(problems).toEqual([]);
  });

  it("reads LANGFUSE_LOG_LEVEL before LANGFUSE_DEBUG", () => {
    const { values } = readEnvironment({ LANGFUSE_LOG_LEVEL: "error", LANGFUSE_DEBUG: "true" });
    expect(values).toEqual({ logLevel: "error" });
  });

  it("ignores LANGFUSE_DEBUG=false", () => {
    expect(readEnvironment({ LANGFUSE_DEBUG: "false" })).toMatchObject({
      values: {},
      problems: [],
    });
  });

  it("says of an invalid variable once what was expected, and goes on with the default", () => {
    const config = resolveConfig({}, { LANGFUSE_SAMPLE_RATE: "often", LANGFUSE_FLUSH_AT: "9" });
    expect(config).toMatchObject({ sampleRate: 1, maxBatchSpans: 9 });
    expect(config.notices).toEqual([
      'Ignoring LANGFUSE_SAMPLE_RATE: expected it from 0 to 1, got "often".',
    ]);
  });

  it("warns once of a variable that stands for two options", () => {
    const { problems } = readEnvironment({
      LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED: "maybe",
    });
    expect(problems).toEqual([
      'Ignoring LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED: expected it to be true or false, got "maybe".',
    ]);
  });

  it.each(["LANGFUSE_TIMEOUT", "LANGFUSE_FLUSH_INTERVAL"])(
    "asks for seconds when %s is invalid",
    (variable) => {
      for (const text of ["5s", "0", "-1", "Infinity", "1e9"]) {
        expect(readEnvironment({ [variable]: text })).toMatchObject({
          values: {},
          problems: [
            `Ignoring ${variable}: expected it to be a number of seconds, at least 0.001, got "${text}".`,
          ],
        });
      }
    },
  );

  it("shows only the start of a long wrong value", () => {
    const [problem] = readEnvironment({ LANGFUSE_FLUSH_AT: "z".repeat(5_000) }).problems;
    expect(problem?.length).toBeLessThan(250);
  });

  it("takes the variable's mistake for none where the option is given", () => {
    const config = resolveConfig({ sampleRate: 0.5 }, { LANGFUSE_SAMPLE_RATE: "often" });
    expect(config.sampleRate).toBe(0.5);
  });
});
