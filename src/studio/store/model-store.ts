import { DEFAULT_MODELS } from "../prices/default-models";
import type { ModelRecord } from "../prices/model-record";
import { createPriceList, type PriceList } from "../prices/price-list";
import type { Database, SqlRow } from "./open-database";
import type { Page } from "./store";

/** Models with their prices: those that come with the studio, and one's own. All calls are synchronous. */
export interface ModelStore {
  /** As the prices stand now: to be asked for anew for each request. */
  prices(): PriceList;
  /** One's own first, by name, then by the date they hold from. */
  all(): readonly ModelRecord[];
  list(page: { readonly limit: number; readonly offset: number }): Page<ModelRecord>;
  get(id: string): ModelRecord | undefined;
  /** Upserts one's own by id. */
  put(model: ModelRecord): void;
  /** @returns whether there was one of one's own */
  remove(id: string): boolean;
}

export function createModelStore(database: Database): ModelStore {
  const upsert = database.prepare(`
    INSERT OR REPLACE INTO models (
      id, name, match_pattern, start_us, end_us, unit, prices, created_us
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const select = database.prepare(
    "SELECT * FROM models ORDER BY name, start_us DESC, created_us DESC, id",
  );
  const remove = database.prepare("DELETE FROM models WHERE id = ?");
  const defaults = [...DEFAULT_MODELS].sort(
    (a, b) => compareTexts(a.name, b.name) || (b.startUs ?? 0) - (a.startUs ?? 0),
  );

  let known: { readonly models: readonly ModelRecord[]; readonly prices: PriceList } | undefined;
  const read = () => {
    if (known === undefined) {
      const models = [...select.all().map(modelFromRow), ...defaults];
      known = { models, prices: createPriceList(models) };
    }
    return known;
  };

  return {
    prices: () => read().prices,
    all: () => read().models,
    list: ({ limit, offset }) => ({
      rows: read().models.slice(offset, offset + limit),
      totalCount: read().models.length,
    }),
    get: (id) => read().models.find((model) => model.id === id),
    put(model) {
      known = undefined;
      upsert.run(
        model.id,
        model.name,
        model.matchPattern,
        model.startUs,
        model.endUs,
        model.unit,
        JSON.stringify(model.prices),
        model.createdUs,
      );
    },
    remove(id) {
      known = undefined;
      return Number(remove.run(id).changes) > 0;
    },
  };
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

// The assertions hold because the table is STRICT and written only above.
function modelFromRow(row: SqlRow): ModelRecord {
  return {
    id: row["id"] as string,
    name: row["name"] as string,
    matchPattern: row["match_pattern"] as string,
    startUs: row["start_us"] as number | null,
    endUs: row["end_us"] as number | null,
    unit: row["unit"] as ModelRecord["unit"],
    prices: JSON.parse(row["prices"] as string) as Record<string, number>,
    createdUs: row["created_us"] as number,
  };
}
