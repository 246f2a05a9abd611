import type { Schema } from "./schema-parts";

export interface Operation {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** With `{id}` for what differs from call to call. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, Schema>>;
  /** Name of a schema; of the two content types that carry it, JSON is always one. */
  readonly body?: string;
  /** Names of schemas by status; null where the answer is no JSON. */
  readonly answers: Readonly<Record<number, string | null>>;
  /** Needs no key. */
  readonly isOpen?: boolean;
}

/** Answers of many operations. */
export const BAD = { 400: "InvalidRequest" } as const;
export const MISSING = { 404: "Error" } as const;
export const TOO_LARGE = { 413: null } as const;
