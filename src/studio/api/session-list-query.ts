import { InvalidCursorError } from "../store/cursor";
import { decodeListCursor } from "../store/list-cursor";
import { SCORE_OPERATORS, type ScoreCondition, type SessionFilter } from "../store/session-filter";
import type { SessionListQuery } from "../store/session-lists";
import { parseIsoMicros } from "../store/time-text";
import { InvalidQueryError } from "./query";
import { SESSION_SORTS } from "./session-sorts";

type Parameters = Readonly<Record<string, string[]>>;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
/** Values of one filter, so that a request cannot make a statement of any length. */
const MAX_VALUES = 100;

/**
 * The query of `GET /api/studio/sessions`. A parameter that is empty counts as not given, one that is
 * not known is ignored.
 * @throws InvalidQueryError that says what was expected
 */
export function parseSessionListQuery(parameters: Parameters): SessionListQuery {
  const problems: Problem[] = [];
  const filter = readFilter(parameters, problems);
  const sort = readOne(parameters, "sort", problems, oneOf(SESSION_SORTS)) ?? "activity";
  const order = readOne(parameters, "order", problems, oneOf(["asc", "desc"] as const)) ?? "desc";
  const limit =
    readOne(parameters, "limit", problems, {
      expected: `a whole number from 1 to ${MAX_LIMIT}`,
      read: (text) => {
        const limit = wholeNumber(text);
        return limit !== undefined && limit >= 1 && limit <= MAX_LIMIT ? limit : undefined;
      },
    }) ?? DEFAULT_LIMIT;
  const cursor = readOne(parameters, "cursor", problems, {
    expected: "the nextCursor of the page before, in the same sort and order",
    read: (text) => (isCursorOf(text, `${sort} ${order}`) ? text : undefined),
  });
  throwAny(problems);
  return { ...filter, sort, order, limit, cursor };
}

/**
 * The filters alone, as `GET /api/studio/facets` takes them.
 * @throws InvalidQueryError that says what was expected
 */
export function parseSessionFilter(parameters: Parameters): SessionFilter {
  const problems: Problem[] = [];
  const filter = readFilter(parameters, problems);
  throwAny(problems);
  return filter;
}

/** In the form that issues of other queries have. */
interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

interface Reader<Value> {
  /** Completes "Expected … to be". */
  readonly expected: string;
  /** Undefined for what is not as expected. */
  readonly read: (text: string) => Value | undefined;
}

function readFilter(parameters: Parameters, problems: Problem[]): SessionFilter {
  const one = <Value>(name: string, reader: Reader<Value>): Value | undefined =>
    readOne(parameters, name, problems, reader);
  const many = <Value>(name: string, reader: Reader<Value>): Value[] =>
    readMany(parameters, name, problems, reader);
  return {
    search: one("q", anyText),
    fromUs: one("from", time),
    toUs: one("to", time),
    users: many("user", anyText),
    tags: many("tag", anyText),
    models: many("model", anyText),
    environments: many("environment", anyText),
    scores: many("score", score),
    minTurns: one("minTurns", minimum),
    minCost: one("minCost", minimum),
    minTokens: one("minTokens", minimum),
    minDurationMs: one("minDurationMs", minimum),
    hasErrors: one("hasErrors", yesOrNo),
    isBookmarked: one("bookmarked", yesOrNo),
  };
}

function readOne<Value>(
  parameters: Parameters,
  name: string,
  problems: Problem[],
  { expected, read }: Reader<Value>,
): Value | undefined {
  const given = valuesOf(parameters, name);
  const [text] = given;
  if (text === undefined) return undefined;
  const value = given.length === 1 ? read(text) : undefined;
  if (value === undefined) {
    const got = given.length === 1 ? shown(text) : `${given.length} values`;
    problems.push({ path: [name], message: `Expected ${name} to be ${expected}, got ${got}` });
  }
  return value;
}

function readMany<Value>(
  parameters: Parameters,
  name: string,
  problems: Problem[],
  { expected, read }: Reader<Value>,
): Value[] {
  const given = valuesOf(parameters, name);
  if (given.length > MAX_VALUES) {
    const message = `Expected ${name} at most ${MAX_VALUES} times, got ${given.length}`;
    problems.push({ path: [name], message });
    return [];
  }
  return given.flatMap((text) => {
    const value = read(text);
    if (value !== undefined) return [value];
    const message = `Expected ${name} to be ${expected}, got ${shown(text)}`;
    problems.push({ path: [name], message });
    return [];
  });
}

function throwAny(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first !== undefined) throw new InvalidQueryError(problems, first.message);
}

function valuesOf(parameters: Parameters, name: string): string[] {
  // Not a plain look-up: the names of the parameters are those of an object's methods, too.
  const given = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return (given ?? []).filter((text) => text !== "");
}

const MAX_SHOWN = 60;

function shown(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}

/** NUL would end the text in SQLite; the store writes the replacement character for it. */
const anyText: Reader<string> = {
  expected: "a text",
  read: (text) => text.replaceAll("\0", "\ufffd"),
};

const time: Reader<number> = {
  expected: "a time in ISO 8601, as 2026-11-22T10:00:00Z, or milliseconds since the epoch",
  read: (text) => {
    const us = /^\d+$/.test(text) ? Number(text) * 1_000 : parseIsoMicros(text);
    return us !== undefined && Number.isSafeInteger(us) ? us : undefined;
  },
};

const minimum: Reader<number> = {
  expected: "a number from 0",
  read: (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
};

const yesOrNo: Reader<boolean> = {
  expected: "true or false",
  read: (text) => (text === "true" ? true : text === "false" ? false : undefined),
};

const SCORE_PATTERN = new RegExp(`^(.+?)(${SCORE_OPERATORS.join("|")})(.*)$`, "s");

const score: Reader<ScoreCondition> = {
  expected: "name, name>=0.8, name<=0.8 or name=value",
  read: (text) => {
    if (SCORE_OPERATORS.some((operator) => text.startsWith(operator))) return undefined;
    const [, name, sign, value] = SCORE_PATTERN.exec(text) ?? [];
    const operator = SCORE_OPERATORS.find((known) => known === sign);
    if (name === undefined || operator === undefined || value === undefined) {
      return { name: text };
    }
    const number = scoreNumber(value.trim());
    const isReadable = operator === "=" ? value !== "" : number !== undefined;
    return isReadable ? { name, comparison: { operator, number, text: value } } : undefined;
  },
};

/** Boolean scores count as 1 and 0. */
function scoreNumber(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  return /^true$/i.test(text) ? 1 : /^false$/i.test(text) ? 0 : undefined;
}

function oneOf<Value extends string>(values: readonly Value[]): Reader<Value> {
  return {
    expected: `one of ${values.join(", ")}`,
    read: (text) => values.find((value) => value === text),
  };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function isCursorOf(text: string, list: string): boolean {
  try {
    decodeListCursor(text, list);
    return true;
  } catch (error) {
    if (error instanceof InvalidCursorError) return false;
    throw error;
  }
}
