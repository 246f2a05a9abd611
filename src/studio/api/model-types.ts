/** What the API answers about models and their prices. */

import type { ModelUnit, PriceSource } from "../prices/model-record";

/** `GET /api/studio/models`: all of them, one's own first, by name. */
export interface ModelList {
  readonly data: readonly ModelView[];
  /** Null while stored costs are not being calculated anew. */
  readonly update: PriceUpdateView | null;
}

/**
 * `POST /api/studio/models` and `PUT /api/studio/models/{id}` take `modelName`, `matchPattern`,
 * `startDate`, `endDate`, `unit` and `prices`, and give this.
 */
export interface ModelView {
  readonly id: string;
  readonly modelName: string;
  readonly matchPattern: string;
  /** The first moment it holds for; null: from ever. */
  readonly startDate: string | null;
  /** The first moment it does not hold for any more; null: until further notice. */
  readonly endDate: string | null;
  readonly unit: ModelUnit;
  /** US dollars per unit, by kind of usage. */
  readonly prices: Readonly<Record<string, number>>;
  /** Of a model that comes with the studio: where its prices stand, and when that was looked up. */
  readonly source: PriceSource | null;
}

/** `POST /api/studio/models/apply?id=…` begins it, without `id` for all models. */
export interface PriceUpdateView {
  readonly modelId: string | null;
  /** Observations whose cost has changed so far. */
  readonly changedCount: number;
  /** 0 to 1. */
  readonly share: number;
}

/** `GET /api/public/models/{id}`. */
export interface PublicModel {
  readonly id: string;
  readonly modelName: string;
  readonly matchPattern: string;
  readonly startDate: string | null;
  readonly unit: ModelUnit;
  readonly inputPrice: number | null;
  readonly outputPrice: number | null;
  readonly totalPrice: number | null;
  readonly tokenizerId: null;
  readonly tokenizerConfig: null;
  /** Comes with the studio. */
  readonly isLangfuseManaged: boolean;
  readonly createdAt: string;
  readonly prices: Readonly<Record<string, { readonly price: number }>>;
  readonly pricingTiers: readonly {
    readonly id: string;
    readonly name: string;
    readonly isDefault: true;
    readonly priority: 0;
    readonly conditions: readonly never[];
    readonly prices: Readonly<Record<string, number>>;
  }[];
}
