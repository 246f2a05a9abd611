import { describe, expect, it } from "vitest";
import type { PlayheadOptions } from "../../src/config/options";
import { resolveConfig } from "../../src/config/resolve";
import { CLOUD_BASE_URL, STUDIO_BASE_URL } from "../../src/config/targets";
import { PlayheadError } from "../../src/diagnostics/errors";

/** The options are `unknown`: JavaScript users give anything. */
function problemsOf(options: unknown): string[] {
  try {
    resolveConfig(options as Parameters<typeof resolveConfig>[0], {}); // what is wrong is the point
  } catch (error) {
    expect(error).toBeInstanceOf(PlayheadError);
    expect(error).toMatchObject({ code: "INVALID_OPTIONS" });
    return (error as PlayheadError).message.split("\n"); // checked above
  }
  return [];
}

describe("precedence", () => {
  it("is option, then environment, then default", () => {
    const environment = { LANGFUSE_FLUSH_AT: "7" };
    expect(resolveConfig({}, {}).maxBatchSpans).toBe(512);
    expect(resolveConfig({}, environment).maxBatchSpans).toBe(7);
    expect(resolveConfig({ maxBatchSpans: 3 }, environment).maxBatchSpans).toBe(3);
  });

  it("takes undefined and an empty text as not given, in options and environment", () => {
    const environment = {
      LANGFUSE_RELEASE: "1.0",
      LANGFUSE_PUBLIC_KEY: "",
      LANGFUSE_FLUSH_AT: " ",
    };
    const config = resolveConfig({ release: "", publicKey: undefined }, environment);
    expect(config).toMatchObject({ release: "1.0", maxBatchSpans: 512 });
    expect(config.publicKey).toBeUndefined();
    expect(config.notices).toEqual([]);
  });

  it("takes the folder of the spool from the environment where the option names none", () => {
    const environment = { NODE_ENV: "production", PLAYHEAD_SPOOL_DIR: "/data/spool" };
    const spoolOf = (spool?: boolean | { dir?: string | undefined; durable?: boolean }) =>
      resolveConfig({ spool }, environment).spool;
    expect(spoolOf()).toMatchObject({ dir: "/data/spool", durable: false });
    expect(spoolOf(true)).toMatchObject({ dir: "/data/spool", durable: false });
    expect(spoolOf({ durable: true })).toMatchObject({ dir: "/data/spool", durable: true });
    expect(spoolOf({ dir: undefined })).toMatchObject({ dir: "/data/spool" });
    expect(spoolOf({ dir: "elsewhere" })).toMatchObject({ dir: "elsewhere" });
    expect(spoolOf(false)).toBeUndefined();
    expect(resolveConfig({ spool: { durable: true } }, {}).spool?.dir).toBe(".playhead/spool");
  });

  it("takes the first alias of a variable that is set, past blank ones", () => {
    const addresses = {
      LANGFUSE_BASE_URL: "http://one",
      LANGFUSE_HOST: "http://two",
      LANGFUSE_BASEURL: "http://three",
    };
    const baseUrlOf = (env: Record<string, string>): string => resolveConfig({}, env).baseUrl;
    expect(baseUrlOf(addresses)).toBe("http://one");
    expect(baseUrlOf({ ...addresses, LANGFUSE_BASE_URL: "" })).toBe("http://two");
    expect(baseUrlOf({ ...addresses, LANGFUSE_BASE_URL: "  ", LANGFUSE_HOST: "" })).toBe(
      "http://three",
    );
  });

  it("leaves the environment alone where the option is given, even a bad one", () => {
    const environment = { LANGFUSE_SAMPLE_RATE: "0.5" };
    expect(resolveConfig({ sampleRate: 0 }, environment).sampleRate).toBe(0);
    expect(() => resolveConfig({ sampleRate: 2 }, environment)).toThrow("got 2");
  });
});

it("takes a key without the line end that a file gives it", () => {
  const config = resolveConfig({ publicKey: "pk\n", secretKey: " sk\r\n" }, {});
  expect(config).toMatchObject({ publicKey: "pk", secretKey: "sk" });
});

describe("defaults", () => {
  it("are those the documentation names", () => {
    expect(resolveConfig({}, {})).toMatchObject({
      timeoutMs: 10_000,
      enabled: true,
      sampleRate: 1,
      flushIntervalMs: 1_000,
      maxBatchSpans: 512,
      maxBatchBytes: 2_097_152,
      maxQueueBytes: 67_108_864,
      holdMs: 60_000,
      maxHoldBytes: 16_777_216,
      shutdownTimeoutMs: 5_000,
      captureInput: true,
      captureOutput: true,
      maxFieldBytes: 1_048_576,
      logger: console,
      logLevel: "warn",
      headers: {},
      protocol: "auto",
      compression: "auto",
      spool: { dir: ".playhead/spool", maxBytes: 268_435_456, durable: false },
    });
  });

  it("cannot be changed afterwards", () => {
    expect(Object.isFrozen(resolveConfig({}, {}))).toBe(true);
  });
});

describe("address", () => {
  const keys = { publicKey: "pk", secretKey: "sk" };

  it("is the local studio without keys and address", () => {
    expect(resolveConfig({}, {})).toMatchObject({
      baseUrl: STUDIO_BASE_URL,
      targets: [
        {
          name: "127.0.0.1:7717",
          baseUrl: STUDIO_BASE_URL,
          tracesUrl: "http://127.0.0.1:7717/api/public/otel/v1/traces",
          ingestionUrl: "http://127.0.0.1:7717/api/public/ingestion",
        },
      ],
    });
  });

  it("is the cloud with keys but no address", () => {
    expect(resolveConfig(keys, {}).baseUrl).toBe(CLOUD_BASE_URL);
  });

  it("loses the slashes at its end and keeps its path", () => {
    const config = resolveConfig({ ...keys, baseUrl: "https://host/langfuse//" }, {});
    expect(config.baseUrl).toBe("https://host/langfuse");
    expect(config.targets[0].tracesUrl).toBe("https://host/langfuse/api/public/otel/v1/traces");
  });

  it("of an endpoint is taken whole for traces, and scores go nowhere then", () => {
    const endpoint = "http://collector:4318/v1/traces";
    expect(resolveConfig({ endpoint, baseUrl: "https://host" }, {}).targets).toMatchObject([
      { name: "collector:4318", tracesUrl: endpoint, ingestionUrl: undefined },
    ]);
  });

  it.each([
    [
      { publicKey: "pk" },
      "Expected secretKey beside publicKey; requests go without authorization.",
    ],
    [
      { secretKey: "sk" },
      "Expected publicKey beside secretKey; requests go without authorization.",
    ],
  ])("gives a notice when one of the two keys is missing: %o", (options, notice) => {
    expect(resolveConfig(options, {}).notices).toEqual([notice]);
  });
});

describe("production without configuration", () => {
  const production = { NODE_ENV: "production" };

  it("is disabled, and says what to set", () => {
    const config = resolveConfig({}, production);
    expect(config.enabled).toBe(false);
    expect(config.notices).toHaveLength(1);
    expect(config.notices[0]).toMatch(/^Tracing is off: NODE_ENV is production.*LANGFUSE_BASE_URL/);
  });

  it("is enabled by keys, by an address, or by enabled: true", () => {
    for (const options of [
      { publicKey: "pk", secretKey: "sk" },
      { baseUrl: "http://host" },
      { endpoint: "http://host/v1/traces" },
      { enabled: true },
    ]) {
      expect(resolveConfig(options, production)).toMatchObject({ enabled: true, notices: [] });
    }
  });

  it("is enabled by LANGFUSE_TRACING_ENABLED=true, unless the option says no", () => {
    const environment = { ...production, LANGFUSE_TRACING_ENABLED: "true" };
    expect(resolveConfig({}, environment)).toMatchObject({ enabled: true, notices: [] });
    expect(resolveConfig({ enabled: false }, environment).enabled).toBe(false);
  });

  it("is enabled by a list of targets", () => {
    const config = resolveConfig({ targets: [{ baseUrl: "http://host" }] }, production);
    expect(config).toMatchObject({ enabled: true, notices: [] });
  });

  it("says nothing when tracing was switched off anyway", () => {
    expect(resolveConfig({ enabled: false }, production).notices).toEqual([]);
  });
});

describe("spool", () => {
  const DEFAULTS = { dir: ".playhead/spool", maxBytes: 268_435_456, durable: false };

  it("is on where developers work, and off in production and tests", () => {
    const spoolIn = (mode: string | undefined) => resolveConfig({}, { NODE_ENV: mode }).spool;
    expect(spoolIn(undefined)).toEqual(DEFAULTS);
    expect(spoolIn("development")).toEqual(DEFAULTS);
    expect(spoolIn("production")).toBeUndefined();
    expect(spoolIn("test")).toBeUndefined();
  });

  it("is what the option says, wherever", () => {
    expect(resolveConfig({ spool: true }, { NODE_ENV: "production" }).spool).toEqual(DEFAULTS);
    expect(resolveConfig({ spool: false }, {}).spool).toBeUndefined();
    expect(resolveConfig({ spool: { durable: true } }, {}).spool).toEqual({
      ...DEFAULTS,
      durable: true,
    });
  });

  it("is switched on by PLAYHEAD_SPOOL_DIR, in that folder, unless the option says no", () => {
    const environment = { NODE_ENV: "production", PLAYHEAD_SPOOL_DIR: "/data/spool" };
    expect(resolveConfig({}, environment).spool).toEqual({ ...DEFAULTS, dir: "/data/spool" });
    expect(resolveConfig({ spool: false }, environment).spool).toBeUndefined();
  });

  it("names an unknown member", () => {
    expect(problemsOf({ spool: { folder: "x" } })).toEqual(["Unknown option spool.folder."]);
  });
});

describe("compression", () => {
  const isGzipWanted = (options: PlayheadOptions): boolean =>
    resolveConfig(options, {}).targets[0].isGzipWanted;

  it.each([
    "http://127.0.0.1:7717",
    "http://127.255.0.3",
    "http://127.1",
    "http://LOCALHOST:1",
    "http://localhost.",
    "https://langfuse.localhost",
    "http://[0:0::1]:4318",
  ])("is left out to %s by default", (baseUrl) => {
    expect(isGzipWanted({ baseUrl })).toBe(false);
    expect(isGzipWanted({ baseUrl, compression: "gzip" })).toBe(true);
  });

  it.each([
    "https://cloud.langfuse.com",
    "http://192.168.0.1",
    "http://10.127.0.0",
    "http://[::2]",
    "http://localhost.example.com",
    "http://mylocalhost",
  ])("is on to %s by default", (baseUrl) => {
    expect(isGzipWanted({ baseUrl })).toBe(true);
    expect(isGzipWanted({ baseUrl, compression: "none" })).toBe(false);
  });

  it("goes by the address of the traces", () => {
    const baseUrl = "http://localhost";
    expect(isGzipWanted({ baseUrl, endpoint: "https://collector/v1/traces" })).toBe(true);
  });
});

describe("targets", () => {
  const common = {
    publicKey: "pk-common",
    secretKey: "sk-common",
    headers: { authorization: "common", "x-team": "blue" },
  };

  it("are completed by what is common", () => {
    const { targets, baseUrl, publicKey } = resolveConfig(
      { ...common, baseUrl: "http://one", protocol: "otlp", targets: [{}, { name: "again" }] },
      {},
    );
    const one = {
      publicKey: "pk-common",
      secretKey: "sk-common",
      headers: common.headers,
      tracesUrl: "http://one/api/public/otel/v1/traces",
      protocol: "otlp",
      route: undefined,
    };
    expect(targets).toMatchObject([
      { ...one, name: "one" },
      { ...one, name: "again" },
    ]);
    expect({ baseUrl, publicKey }).toEqual({ baseUrl: "http://one", publicKey: "pk-common" });
  });

  it.each([{ baseUrl: "http://other" }, { endpoint: "http://other/v1/traces" }])(
    "with an address of their own get neither keys nor headers of the common one: %o",
    (address) => {
      const environment = { LANGFUSE_PUBLIC_KEY: "pk-env", LANGFUSE_SECRET_KEY: "sk-env" };
      for (const options of [common, {}]) {
        const [target] = resolveConfig({ ...options, targets: [address] }, environment).targets;
        expect(target).toMatchObject({ publicKey: undefined, secretKey: undefined, headers: {} });
      }
    },
  );

  it("with keys of their own go to the common address", () => {
    const own = { publicKey: "pk-own", secretKey: "sk-own" };
    const toBase = resolveConfig({ ...common, baseUrl: "http://one", targets: [own] }, {});
    expect(toBase.targets).toMatchObject([{ ...own, baseUrl: "http://one" }]);
    const endpoint = "http://collector/v1/traces";
    const toEndpoint = resolveConfig({ ...common, endpoint, targets: [own] }, {});
    expect(toEndpoint.targets).toMatchObject([{ ...own, tracesUrl: endpoint }]);
    expect(resolveConfig({ targets: [own] }, {}).targets[0].baseUrl).toBe(CLOUD_BASE_URL);
  });

  it("may speak protocols of their own, and take what their route says", () => {
    const route = (): boolean => false;
    const { targets } = resolveConfig(
      { targets: [{ baseUrl: "http://a", protocol: "ingestion", route }, { baseUrl: "http://b" }] },
      {},
    );
    expect(targets).toMatchObject([
      { protocol: "ingestion", route },
      { protocol: "auto", route: undefined },
    ]);
  });

  it("may compress where the others do not", () => {
    const at = (baseUrl: string, compression?: "gzip" | "none") => ({ baseUrl, compression });
    const targets = [at("http://a", "none"), at("http://b"), at("http://127.0.0.1:1", "gzip")];
    const wanted = (options: PlayheadOptions) =>
      resolveConfig({ ...options, targets }, {}).targets.map(({ isGzipWanted }) => isGzipWanted);
    expect(wanted({})).toEqual([false, true, true]);
    expect(wanted({ compression: "none" })).toEqual([false, false, true]);
  });

  it("with one key of two are told about", () => {
    const targets = [{ baseUrl: "http://a", publicKey: "pk" }];
    expect(resolveConfig({ targets }, {}).notices).toEqual([
      "Expected secretKey beside publicKey; requests go without authorization.",
    ]);
  });

  it("with an unknown member name it", () => {
    expect(problemsOf({ targets: [{ baseURL: "http://a" }] })).toEqual([
      "Unknown option targets.0.baseURL.",
    ]);
  });

  it("never show their keys in a message", () => {
    const problems = problemsOf({ targets: [{ secretKey: "sk-lf-4f9c1c52", protocol: "x" }] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain("4f9c1c52");
  });
});

it("takes an environment in capitals in its lower-case form", () => {
  expect(resolveConfig({ environment: "Production" }, {}).environment).toBe("production");
  expect(resolveConfig({}, { LANGFUSE_TRACING_ENVIRONMENT: "QA" }).environment).toBe("qa");
});

describe("invalid options", () => {
  it.each<[string, unknown[], unknown[]]>([
    ["publicKey", ["pk", "pk-ü"], [1, null, {}, "p\nk", "pk-日"]],
    ["secretKey", ["sk"], [1, null, "s\r\nk"]],
    ["baseUrl", ["http://h", "HTTPS://h:1/p"], ["h", "ftp://h", "http://", 1, null]],
    ["endpoint", ["http://h/v1/traces"], ["localhost:4318", "", 5].filter(Boolean)],
    [
      "headers",
      [{}, { "X-A_1": "b c\té" }],
      [{ a: 1 }, "a: b", null, { "a b": "c" }, { "": "c" }, { a: "b\r\nc: d" }, { a: "日" }],
    ],
    ["timeoutMs", [1, 2 ** 31 - 1], [0, -1, 1.5, 2 ** 31, Number.NaN, "5"]],
    ["enabled", [true, false], ["true", 1, null]],
    ["sampleRate", [0, 0.5, 1], [-0.01, 1.01, Number.NaN, "1"]],
    [
      "environment",
      ["production", "a-b_9", "x".repeat(40)],
      ["x".repeat(41), "langfuse-x", "a b", "é", 1],
    ],
    ["release", ["v1"], [1, null]],
    ["flushIntervalMs", [1, 2 ** 31 - 1], [0, 1.5, 2 ** 31, Number.POSITIVE_INFINITY]],
    ["maxBatchSpans", [1, 10_000], [0, -1, 1.5]],
    ["maxBatchBytes", [1_024], [1_023, 2_048.5]],
    ["maxQueueBytes", [1_024], [1_023]],
    ["holdMs", [0, 2 ** 31 - 1], [-1, 2 ** 31]],
    ["maxHoldBytes", [1_024], [1_023, 0]],
    [
      "spool",
      [true, false, {}, { dir: "d", maxBytes: 1_024, durable: true }],
      ["yes", 1, null, { dir: "" }, { dir: 1 }, { maxBytes: 1_023 }, { durable: "yes" }],
    ],
    ["protocol", ["auto", "otlp", "ingestion"], ["OTLP", "grpc", 1, null]],
    ["compression", ["auto", "gzip", "none"], ["GZIP", "br", true, null]],
    [
      "targets",
      [[{}], [{ name: "a", baseUrl: "http://h", headers: {}, route: () => true }, {}]],
      [
        [],
        {},
        null,
        [null],
        [{ baseUrl: "h" }],
        [{ protocol: "grpc" }],
        [{ compression: "br" }],
        [{ route: "all" }],
      ],
    ],
    ["shutdownTimeoutMs", [0, 2 ** 31 - 1], [-1, 2 ** 31]],
    ["captureInput", [true, false], ["yes", 0]],
    ["captureOutput", [true, false], ["yes", 0]],
    ["maxFieldBytes", [1_024], [1_023, -1]],
    ["shouldExport", [() => true], [true, {}]],
    ["onError", [() => undefined], ["log", {}]],
    ["logger", [console], [{}, { debug() {}, info() {}, warn() {} }, () => undefined, null]],
    ["logLevel", ["debug", "info", "warn", "error", "silent"], ["trace", "WARN", 1]],
  ])("%s: takes its bounds and refuses what lies beyond", (name, valid, invalid) => {
    for (const value of valid) expect(problemsOf({ [name]: value })).toEqual([]);
    for (const value of invalid) {
      const problems = problemsOf({ [name]: value });
      expect(problems, `${name}: ${String(value)}`).toHaveLength(1);
      expect(problems[0]).toMatch(new RegExp(`^Expected ${name} .+, got .+\\.$`));
    }
  });

  it("are told all at once, each with what was expected and what came", () => {
    expect(
      problemsOf({ sampleRate: 2, timeoutMs: 0, logLevel: "loud", headers: { a: 1 } }),
    ).toEqual([
      "Expected headers to be an object of header names and their values, got a value of type object.",
      "Expected timeoutMs to be a whole number of milliseconds, at least 1, got 0.",
      "Expected sampleRate from 0 to 1, got 2.",
      'Expected logLevel to be one of debug, info, warn, error, silent, got "loud".',
    ]);
  });

  it.each([
    ["flushIntervalMS", "flushIntervalMs"],
    ["public_key", "publicKey"],
    ["baseURL", "baseUrl"],
    ["samplerate", "sampleRate"],
    ["maxBatchSpan", "maxBatchSpans"],
  ])("names the option that was probably meant by %s", (given, meant) => {
    expect(problemsOf({ [given]: 1 })).toEqual([`Unknown option ${given}; did you mean ${meant}?`]);
  });

  it("refuses an address with a password or a query, which would end up in messages and links", () => {
    expect(problemsOf({ baseUrl: "http://me:hunter2@host" })[0]).toContain("Expected baseUrl");
    expect(problemsOf({ baseUrl: "http://host/?a=1" })[0]).toContain("Expected baseUrl");
    expect(problemsOf({ endpoint: "http://me:hunter2@host" })[0]).toContain("Expected endpoint");
  });

  it("suggests nothing where nothing is near", () => {
    expect(problemsOf({ colour: 1 })).toEqual(["Unknown option colour."]);
  });

  it.each([null, "options", 5, [], true])("refuses %j in place of the options", (options) => {
    expect(problemsOf(options)).toEqual([
      expect.stringMatching(/^Expected the options of Playhead to be an object, got /),
    ]);
  });

  it("never show keys or headers, also where they stand in the wrong place", () => {
    const secret = "sk-lf-4f9c1c52";
    const messages = [
      ...problemsOf({ secretKey: [secret], publicKey: { secret }, headers: `x: ${secret}` }),
      ...problemsOf({ headers: { authorization: [secret] } }),
      ...problemsOf({ baseUrl: secret, logLevel: secret }),
      ...problemsOf({ baseUrl: `ftp://me:hunter2-4f9c1c52@host` }),
      ...problemsOf({ endpoint: `me:hunter2/4f9c1c52@host` }),
      ...resolveConfig({}, { LANGFUSE_BASE_URL: secret, LANGFUSE_SAMPLE_RATE: secret }).notices,
      ...resolveConfig({}, { LANGFUSE_SECRET_KEY: "4f9c1c52\n日" }).notices,
      ...resolveConfig({}, { LANGFUSE_HOST: `${"x".repeat(90)}:4f9c1c52@host` }).notices,
    ];
    expect(messages).toHaveLength(14); // the two invalid addresses also switch tracing off
    expect(messages.join("\n")).not.toMatch(/4f9c1c52|hunter2/);
  });
});

describe("an address variable that is no address", () => {
  it.each(["LANGFUSE_BASE_URL", "LANGFUSE_HOST", "LANGFUSE_BASEURL", "PLAYHEAD_ENDPOINT"])(
    "in %s switches tracing off instead of sending somewhere else",
    (name) => {
      const keys = { LANGFUSE_PUBLIC_KEY: "pk", LANGFUSE_SECRET_KEY: "sk" };
      const config = resolveConfig({}, { ...keys, [name]: "langfuse.mycorp.internal" });
      expect(config.enabled).toBe(false);
      expect(config.notices.join("\n")).toContain("Tracing is off: it is not known where to.");
    },
  );

  it("does not matter where an option says where to", () => {
    const config = resolveConfig({ baseUrl: "http://host" }, { LANGFUSE_HOST: "nonsense" });
    expect(config).toMatchObject({ enabled: true, baseUrl: "http://host" });
  });
});
