import { PlayheadError } from "../diagnostics/errors";
import { readEnvironment } from "./environment";
import { check, type OutputOf, type Problem } from "./kinds";
import type { PlayheadOptions } from "./options";
import {
  EXPECTED,
  MEDIA_DEFAULTS,
  type MediaConfig,
  type OptionName,
  optionsKind,
  SPOOL_DEFAULTS,
  type SpoolConfig,
} from "./schema";
import { showOption, showValue } from "./show-option";
import { isUnconfigured, resolveTargets, type TargetConfig } from "./targets";

/** Options after precedence and defaults, with the addresses that follow from them. */
export type ResolvedConfig = Readonly<
  Omit<OutputOf<typeof optionsKind>, "targets" | "spool" | "baseUrl" | "media">
> & {
  /** That of the first target, without a slash at its end. */
  readonly baseUrl: string;
  /** At least one. */
  readonly targets: readonly [TargetConfig, ...TargetConfig[]];
  readonly spool: SpoolConfig | undefined;
  /** Undefined where media stay where they are. */
  readonly media: MediaConfig | undefined;
  /** Sentences for the log: what was ignored or assumed. */
  readonly notices: readonly string[];
};

/**
 * @throws PlayheadError INVALID_OPTIONS - naming every option that is unknown or invalid, with what
 * was expected and what came
 */
export function resolveConfig(
  options: PlayheadOptions,
  environment: Readonly<Record<string, string | undefined>>,
): ResolvedConfig {
  const given = readGiven(options);
  const fromEnvironment = readEnvironment(environment);
  const spool = layDir(given["spool"], fromEnvironment.values.spool);
  const checked = check(optionsKind, { ...fromEnvironment.values, ...given, spool });
  if (checked.problems !== undefined) throw invalidOptions(checked.problems, given);

  const config = checked.value;
  const isIdleProduction =
    config.targets === undefined &&
    isUnconfigured(config) &&
    environment["NODE_ENV"] === "production" &&
    (given["enabled"] ?? fromEnvironment.values.enabled) !== true;
  // Traces meant for one address must not go to another one by default.
  const isAstray =
    fromEnvironment.hasInvalidAddress &&
    (config.baseUrl ?? config.endpoint ?? config.targets) === undefined;
  const targets = resolveTargets(config, config.targets);

  const notices = [...fromEnvironment.problems];
  if (isIdleProduction && config.enabled) {
    notices.push(
      "Tracing is off: NODE_ENV is production and neither keys nor an address are set. Set LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY and LANGFUSE_BASE_URL, or enabled: true.",
    );
  }
  if (isAstray && config.enabled) {
    notices.push(
      "Tracing is off: it is not known where to. Write the address with https:// before it.",
    );
  }
  for (const { publicKey, secretKey } of targets) {
    if ((publicKey === undefined) === (secretKey === undefined)) continue;
    const [have, lack] = publicKey ? ["publicKey", "secretKey"] : ["secretKey", "publicKey"];
    notices.push(`Expected ${lack} beside ${have}; requests go without authorization.`);
  }
  return Object.freeze({
    ...config,
    enabled: config.enabled && !isIdleProduction && !isAstray,
    baseUrl: targets[0].baseUrl,
    publicKey: targets[0].publicKey,
    targets,
    spool: resolveSpool(config.spool, environment),
    media: resolveMedia(config.media),
    notices,
  });
}

/** The folder that the environment names is the default of an option that names none. */
function layDir(given: unknown, fromEnvironment: unknown): unknown {
  if (given === undefined || given === true) return fromEnvironment ?? given;
  const isPair = isObject(given) && isObject(fromEnvironment);
  return isPair ? { ...given, dir: given["dir"] ?? fromEnvironment["dir"] } : given;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** On where developers work: what they traced while no studio ran shows up when it does. */
function resolveSpool(
  given: boolean | SpoolConfig | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): SpoolConfig | undefined {
  const mode = environment["NODE_ENV"];
  const isDefaultOn = mode !== "production" && mode !== "test";
  if (typeof given === "object") return given;
  return (given ?? isDefaultOn) ? SPOOL_DEFAULTS : undefined;
}

function resolveMedia(given: boolean | MediaConfig): MediaConfig | undefined {
  if (typeof given === "object") return given;
  return given ? MEDIA_DEFAULTS : undefined;
}

/** Drops what means "not given". */
function readGiven(options: unknown): Readonly<Record<string, unknown>> {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new PlayheadError(
      "INVALID_OPTIONS",
      `Expected the options of Playhead to be an object, got ${showValue(options)}.`,
    );
  }
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== ""),
  );
}

function invalidOptions(
  found: readonly Problem[],
  given: Readonly<Record<string, unknown>>,
): PlayheadError {
  const problems = new Set<string>();
  for (const { path, unknownKeys } of found) {
    if (unknownKeys !== undefined) {
      for (const key of unknownKeys) {
        const name = [...path, key].join(".");
        problems.add(`Unknown option ${name}${path.length > 0 ? "." : suggestion(key)}`);
      }
      continue;
    }
    const name = String(path[0]) as OptionName; // there are no other paths
    problems.add(`Expected ${name} ${EXPECTED[name]}, got ${showOption(name, given[name])}.`);
  }
  return new PlayheadError("INVALID_OPTIONS", [...problems].join("\n"));
}

/** Ends the sentence with the option that was probably meant: same letters but for case, `_` and one slip. */
function suggestion(key: string): string {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, "");
  const names = Object.keys(optionsKind.fields);
  const meant =
    names.find((name) => plain(name) === plain(key)) ??
    names.find((name) => editDistance(plain(name), plain(key)) <= 2);
  return meant === undefined ? "." : `; did you mean ${meant}?`;
}

/** Insertions, deletions and replacements between two short words. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
