import type { ModelRecord } from "../prices/model-record";
import { isoMillis } from "../store/time-text";
import type { ModelView, PublicModel } from "./model-types";

const timeOrNull = (us: number | null): string | null => (us === null ? null : isoMillis(us));

export function modelView(model: ModelRecord): ModelView {
  return {
    id: model.id,
    modelName: model.name,
    matchPattern: model.matchPattern,
    startDate: timeOrNull(model.startUs),
    endDate: timeOrNull(model.endUs),
    unit: model.unit,
    prices: model.prices,
    source: model.source ?? null,
  };
}

export function publicModel(model: ModelRecord): PublicModel {
  const { prices } = model;
  return {
    id: model.id,
    modelName: model.name,
    matchPattern: model.matchPattern,
    startDate: timeOrNull(model.startUs),
    unit: model.unit,
    inputPrice: prices["input"] ?? null,
    outputPrice: prices["output"] ?? null,
    totalPrice: prices["total"] ?? null,
    tokenizerId: null,
    tokenizerConfig: null,
    isLangfuseManaged: model.source !== undefined,
    createdAt: isoMillis(model.createdUs),
    prices: Object.fromEntries(Object.entries(prices).map(([kind, price]) => [kind, { price }])),
    pricingTiers: [
      {
        id: `${model.id}-standard`,
        name: "Standard",
        isDefault: true,
        priority: 0,
        conditions: [],
        prices,
      },
    ],
  };
}
