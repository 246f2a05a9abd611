import type { EventFold } from "../store/ingestion-events";
import type { ObservationRecord } from "../store/records";
import type { PriceList } from "./price-list";
import { priceUsage } from "./price-usage";

/** What pricing reads of an observation. */
export type Priceable = Pick<ObservationRecord, "model" | "startUs" | "usageDetails">;

/** The part of an observation that pricing decides. */
export type Priced = Pick<ObservationRecord, "costDetails" | "totalCost" | "priceModelId">;

/** Undefined where there is no price for it. */
export function calculatedCost(
  { model, startUs, usageDetails }: Priceable,
  prices: PriceList,
): Priced | undefined {
  if (model === null) return undefined;
  const found = prices.find(model, startUs);
  if (found === undefined) return undefined;
  const costDetails = priceUsage(usageDetails, found.prices);
  const total = costDetails["total"];
  return total === undefined
    ? undefined
    : { costDetails, totalCost: total, priceModelId: found.id };
}

/** The observation with its cost: the one that was sent, else the one that the prices give. */
export function withCost(observation: ObservationRecord, prices: PriceList): ObservationRecord {
  if (Object.keys(observation.costDetails).length > 0 || observation.totalCost !== null) {
    return observation;
  }
  const cost = calculatedCost(observation, prices);
  return cost === undefined ? observation : { ...observation, ...cost };
}

/** A fold whose observations have their cost. */
export function foldWithCost(fold: EventFold, prices: PriceList): EventFold {
  return { ...fold, observation: (...given) => withCost(fold.observation(...given), prices) };
}
