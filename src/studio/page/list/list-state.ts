import { SESSION_SORTS, type SessionSort } from "../../api/session-sorts";
import { parseScoreFilter, scoreFilterText } from "./score-filter";
import {
  ALL_TIME,
  parseTimeRange,
  type TimeRange,
  timeRangeAddress,
  timeRangeQuery,
} from "./time-range";

export type SortOrder = "asc" | "desc";

/** Filters that take any of several values, by their name in the address and in the API. */
export const VALUE_FILTERS = ["user", "model", "tag", "environment", "score"] as const;
export type ValueFilter = (typeof VALUE_FILTERS)[number];

/** Filters that take a lower bound: a count, US dollars, milliseconds. */
export const MINIMUM_FILTERS = ["minTurns", "minTokens", "minCost", "minDurationMs"] as const;
export type MinimumFilter = (typeof MINIMUM_FILTERS)[number];

/** What the list shows: all of it stands in the address. */
export interface ListState {
  readonly q: string;
  readonly sort: SessionSort;
  readonly order: SortOrder;
  readonly time: TimeRange;
  readonly values: Readonly<Record<ValueFilter, readonly string[]>>;
  readonly minima: Readonly<Record<MinimumFilter, number | null>>;
  /** Null asks for both. */
  readonly hasErrors: boolean | null;
  readonly isBookmarked: boolean | null;
}

const NO_FILTERS = {
  time: ALL_TIME,
  values: { user: [], model: [], tag: [], environment: [], score: [] },
  minima: { minTurns: null, minTokens: null, minCost: null, minDurationMs: null },
  hasErrors: null,
  isBookmarked: null,
} satisfies Partial<ListState>;

export const DEFAULT_STATE: ListState = {
  q: "",
  sort: "activity",
  order: "desc",
  ...NO_FILTERS,
};

/**
 * Reads the query of an address. An address may have been typed by hand: what cannot be read counts
 * as not given, so that {@link listQuery} never asks for something the API refuses.
 */
export function parseListState(search: string): ListState {
  const parameters = new URLSearchParams(search);
  const sort = SESSION_SORTS.find((key) => key === parameters.get("sort")) ?? DEFAULT_STATE.sort;
  return {
    q: (parameters.get("q") ?? "").trim(),
    sort,
    order: parameters.get("order") === "asc" ? "asc" : "desc",
    time: parseTimeRange(parameters),
    values: mapKeys(VALUE_FILTERS, (name) => parseValues(name, parameters.getAll(name))),
    minima: mapKeys(MINIMUM_FILTERS, (name) => parseMinimum(parameters.get(name))),
    hasErrors: parseChoice(parameters.get("hasErrors")),
    isBookmarked: parseChoice(parameters.get("bookmarked")),
  };
}

/** The query of the page's address, with its `?`; empty for the default view. */
export function listSearch(state: ListState): string {
  const search = String(parametersOf(state, timeRangeAddress(state.time)));
  return search === "" ? "" : `?${search}`;
}

/**
 * The query of `GET /api/studio/sessions` and, but for the order, of `/api/studio/facets`, without `?`.
 * @param nowMs - where a time range such as "last hour" ends
 */
export function listQuery(state: ListState, nowMs: number): string {
  return String(parametersOf(state, timeRangeQuery(state.time, nowMs)));
}

/** How many filters narrow the list, the search not counted. */
export function activeFilterCount({ time, values, minima, ...state }: ListState): number {
  const flags = [time.kind !== "all", state.hasErrors !== null, state.isBookmarked !== null];
  return (
    flags.filter(Boolean).length +
    VALUE_FILTERS.filter((name) => values[name].length > 0).length +
    MINIMUM_FILTERS.filter((name) => minima[name] !== null).length
  );
}

export function withoutFilters(state: ListState): ListState {
  return { ...state, ...NO_FILTERS };
}

/** What a click on a column's head asks for: the other order of the same column, or the largest first of another. */
export function sortedBy(state: ListState, sort: SessionSort): ListState {
  if (state.sort === sort) return { ...state, order: state.order === "desc" ? "asc" : "desc" };
  return { ...state, sort, order: sort === "id" ? "asc" : "desc" };
}

function parametersOf(state: ListState, time: Readonly<Record<string, string>>): URLSearchParams {
  const parameters = new URLSearchParams();
  if (state.q !== "") parameters.set("q", state.q);
  if (state.sort !== DEFAULT_STATE.sort) parameters.set("sort", state.sort);
  if (state.order !== DEFAULT_STATE.order) parameters.set("order", state.order);
  for (const [name, value] of Object.entries(time)) parameters.set(name, value);
  for (const name of VALUE_FILTERS) {
    for (const value of state.values[name]) parameters.append(name, value);
  }
  for (const name of MINIMUM_FILTERS) {
    const minimum = state.minima[name];
    if (minimum !== null) parameters.set(name, String(minimum));
  }
  if (state.hasErrors !== null) parameters.set("hasErrors", String(state.hasErrors));
  if (state.isBookmarked !== null) parameters.set("bookmarked", String(state.isBookmarked));
  return parameters;
}

/** The API takes at most so many values of one filter. */
const MAX_VALUES = 100;

function parseValues(name: ValueFilter, given: readonly string[]): readonly string[] {
  const values = name === "score" ? given.map(normalScoreText) : given;
  return [...new Set(values.filter((value) => value !== ""))].slice(0, MAX_VALUES);
}

function normalScoreText(text: string): string {
  const filter = parseScoreFilter(text);
  return filter === null ? "" : scoreFilterText(filter);
}

function parseMinimum(text: string | null): number | null {
  if (text === null || !/^\d+(\.\d+)?$/.test(text)) return null;
  const minimum = Number(text);
  return minimum > 0 && Number.isSafeInteger(Math.ceil(minimum)) ? minimum : null;
}

function parseChoice(text: string | null): boolean | null {
  return text === "true" ? true : text === "false" ? false : null;
}

function mapKeys<Key extends string, Value>(
  keys: readonly Key[],
  toValue: (key: Key) => Value,
): Record<Key, Value> {
  // fromEntries forgets which keys it was given
  return Object.fromEntries(keys.map((key) => [key, toValue(key)])) as Record<Key, Value>;
}
