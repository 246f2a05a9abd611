import type { ChangeEvent } from "../api/types";
import { compilePattern } from "../prices/linear-pattern";
import { calculatedCost } from "../prices/price-observation";
import type { ModelStore } from "./model-store";
import type { Database } from "./open-database";
import type { Transactions } from "./transactions";

/** How far the calculation of stored costs is. */
export interface PriceUpdateState {
  /** The model it was asked for; null for all. */
  readonly modelId: string | null;
  /** Observations whose cost has changed so far. */
  readonly changedCount: number;
  /** Share of the observations that have been looked at, 0 to 1. */
  readonly share: number;
}

/** Calculates stored costs anew after prices have changed. Costs that were sent stay. */
export interface PriceUpdate {
  /**
   * Begins, or begins anew. While one for another model is under way, it begins anew for all models,
   * so that neither is left out. @param modelId - null for all models
   */
  start(modelId: string | null): void;
  /** Undefined when none is under way. */
  state(): PriceUpdateState | undefined;
  /**
   * Looks at the next observations, in one transaction.
   * @returns what changed; undefined when none is under way any more
   */
  step(maxRows: number): ChangeEvent | undefined;
}

export function createPriceUpdate(
  database: Database,
  transactions: Transactions,
  models: ModelStore,
): PriceUpdate {
  const begin = database.prepare(
    "INSERT OR REPLACE INTO price_update (id, model_id, after_row, changed_count) VALUES (1, ?, 0, 0)",
  );
  const select = database.prepare("SELECT * FROM price_update");
  const note = database.prepare(
    "UPDATE price_update SET after_row = ?, changed_count = changed_count + ?",
  );
  const end = database.prepare("DELETE FROM price_update");
  const lastRow = database.prepare("SELECT max(rowid) AS last FROM observations");
  const rows = database.prepare(`
    SELECT rowid AS row, trace_id, model, start_us, usage_details, cost_details, total_cost,
      price_model_id
    FROM observations WHERE rowid > ? ORDER BY rowid LIMIT ?`);
  const update = database.prepare(
    "UPDATE observations SET total_cost = ?, cost_details = ?, price_model_id = ? WHERE rowid = ?",
  );

  /** Whether a row is one that the update is about. */
  function scopeOf(modelId: string | null): (name: string, priceModelId: unknown) => boolean {
    if (modelId === null) return () => true;
    const model = models.get(modelId);
    const pattern = model === undefined ? undefined : compilePattern(model.matchPattern);
    return (name, priceModelId) => priceModelId === modelId || pattern?.test(name) === true;
  }

  return {
    start(modelId) {
      const running = select.get();
      const isOther = running !== undefined && running["model_id"] !== modelId;
      begin.run(isOther ? null : modelId);
    },

    state() {
      const row = select.get();
      if (row === undefined) return undefined;
      const last = Number(lastRow.get()?.["last"] ?? 0);
      return {
        modelId: typeof row["model_id"] === "string" ? row["model_id"] : null,
        changedCount: Number(row["changed_count"]),
        share: last === 0 ? 1 : Math.min(1, Number(row["after_row"]) / last),
      };
    },

    step(maxRows) {
      const state = select.get();
      if (state === undefined) return undefined;
      const prices = models.prices();
      const modelId = typeof state["model_id"] === "string" ? state["model_id"] : null;
      const isInScope = scopeOf(modelId);
      return transactions.write(({ outdatedTraceIds }) => {
        const found = rows.all(state["after_row"] ?? 0, maxRows);
        let changedCount = 0;
        for (const row of found) {
          const { model, price_model_id: before, total_cost: totalCost } = row;
          if (typeof model !== "string" || !isInScope(model, before)) continue;
          if (before === null && (totalCost !== null || row["cost_details"] !== "{}")) continue;
          const cost = calculatedCost(
            {
              model,
              startUs: Number(row["start_us"]),
              // Written by `observationValues`, which wrote counts.
              usageDetails: JSON.parse(String(row["usage_details"])) as Record<string, number>,
            },
            prices,
          );
          const details = JSON.stringify(cost?.costDetails ?? {});
          const after = cost?.priceModelId ?? null;
          if (details === row["cost_details"] && after === before) continue;
          update.run(cost?.totalCost ?? null, details, after, row["row"] ?? null);
          outdatedTraceIds.add(String(row["trace_id"]));
          changedCount += 1;
        }
        if (found.length < maxRows) end.run();
        else note.run(found.at(-1)?.["row"] ?? null, changedCount);
      });
    },
  };
}
