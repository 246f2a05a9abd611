/** What scores of one name look like: the answer of `/api/public/score-configs`, as far as it is shown. */
export interface ScoreConfig {
  readonly id: string;
  readonly name: string;
  readonly dataType: "NUMERIC" | "CATEGORICAL" | "BOOLEAN" | "TEXT";
  readonly isArchived: boolean;
  readonly minValue: number | null;
  readonly maxValue: number | null;
  /** Of CATEGORICAL and BOOLEAN ones. */
  readonly categories: readonly { readonly label: string; readonly value: number }[] | null;
  readonly description: string | null;
}

/** One page of the list. */
export interface ScoreConfigPage {
  readonly data: readonly ScoreConfig[];
  readonly meta: { readonly totalPages: number };
}
