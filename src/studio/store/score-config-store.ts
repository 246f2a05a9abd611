import type { Database, SqlRow } from "./open-database";
import type { Page } from "./store";

export const SCORE_CONFIG_DATA_TYPES = ["NUMERIC", "CATEGORICAL", "BOOLEAN", "TEXT"] as const;

export type ScoreConfigDataType = (typeof SCORE_CONFIG_DATA_TYPES)[number];

export interface ScoreCategory {
  readonly label: string;
  readonly value: number;
}

/** What scores of one name look like. */
export interface ScoreConfigRecord {
  readonly id: string;
  readonly name: string;
  readonly dataType: ScoreConfigDataType;
  readonly isArchived: boolean;
  readonly minValue: number | null;
  readonly maxValue: number | null;
  readonly categories: readonly ScoreCategory[] | null;
  readonly description: string | null;
  /** In microseconds. */
  readonly createdUs: number;
  readonly updatedUs: number;
}

/** All calls are synchronous. */
export interface ScoreConfigStore {
  /** Upserts by id. */
  put(config: ScoreConfigRecord): void;
  get(id: string): ScoreConfigRecord | undefined;
  /** Newest first. */
  list(page: { readonly limit: number; readonly offset: number }): Page<ScoreConfigRecord>;
}

export function createScoreConfigStore(database: Database): ScoreConfigStore {
  const upsert = database.prepare(`
    INSERT OR REPLACE INTO score_configs (
      id, name, data_type, is_archived, min_value, max_value, categories, description, created_us,
      updated_us
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const select = database.prepare("SELECT * FROM score_configs WHERE id = ?");
  const selectPage = database.prepare(
    "SELECT * FROM score_configs ORDER BY created_us DESC, id DESC LIMIT ? OFFSET ?",
  );
  const count = database.prepare("SELECT count(*) AS count FROM score_configs");
  return {
    put(config) {
      upsert.run(
        config.id,
        config.name,
        config.dataType,
        config.isArchived ? 1 : 0,
        config.minValue,
        config.maxValue,
        config.categories === null ? null : JSON.stringify(config.categories),
        config.description,
        config.createdUs,
        config.updatedUs,
      );
    },

    get(id) {
      const row = select.get(id);
      return row === undefined ? undefined : scoreConfigFromRow(row);
    },

    list: ({ limit, offset }) => ({
      rows: selectPage.all(limit, offset).map(scoreConfigFromRow),
      totalCount: Number(count.get()?.["count"]),
    }),
  };
}

// The assertions hold because the table is STRICT and written only above.
function scoreConfigFromRow(row: SqlRow): ScoreConfigRecord {
  const categories = row["categories"] as string | null;
  return {
    id: row["id"] as string,
    name: row["name"] as string,
    dataType: row["data_type"] as ScoreConfigDataType,
    isArchived: row["is_archived"] === 1,
    minValue: row["min_value"] as number | null,
    maxValue: row["max_value"] as number | null,
    categories: categories === null ? null : (JSON.parse(categories) as ScoreCategory[]),
    description: row["description"] as string | null,
    createdUs: row["created_us"] as number,
    updatedUs: row["updated_us"] as number,
  };
}
