/** What a unit of usage of a model costs, and when. */
export interface ModelRecord {
  readonly id: string;
  readonly name: string;
  /** See linear-pattern.ts; matched against the model that an observation names. */
  readonly matchPattern: string;
  /** The first moment it holds for, in microseconds; null: from ever. */
  readonly startUs: number | null;
  /** The first moment it does not hold for any more; null: until further notice. */
  readonly endUs: number | null;
  readonly unit: ModelUnit;
  /** US dollars per unit, by kind of usage. */
  readonly prices: Readonly<Record<string, number>>;
  readonly createdUs: number;
  /** Of a model that comes with the studio: where its prices stand, and when that was looked up. */
  readonly source?: PriceSource;
}

export interface PriceSource {
  readonly url: string;
  /** `2026-02`, or with a day. */
  readonly asOf: string;
}

export const MODEL_UNITS = [
  "TOKENS",
  "CHARACTERS",
  "MILLISECONDS",
  "SECONDS",
  "IMAGES",
  "REQUESTS",
] as const;

export type ModelUnit = (typeof MODEL_UNITS)[number];
