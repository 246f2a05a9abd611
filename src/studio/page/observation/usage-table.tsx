import type { JSX } from "preact";
import type { ObservationView } from "../../api/types";
import { formatCost, formatInteger } from "../../conversation/format";
import { cutText } from "../../conversation/json-text";

/** More keys than this are left out; a client that sends them counts something else. */
const MAX_KEYS = 60;

/** Tokens and cost by what they were counted for, the total last. */
export function UsageTable({ observation }: { observation: ObservationView }): JSX.Element | null {
  const { usageDetails, costDetails } = observation;
  const keys = [...new Set([...Object.keys(usageDetails), ...Object.keys(costDetails)])];
  if (keys.length === 0) return null;
  const ordered = [
    ...keys.filter((key) => key !== "total"),
    ...keys.filter((key) => key === "total"),
  ];
  const hasCost = Object.keys(costDetails).length > 0;
  const of = (details: Readonly<Record<string, number>>, key: string): number | undefined =>
    Object.hasOwn(details, key) ? details[key] : undefined;
  return (
    <section class="detail-section" data-testid="usage">
      <h4>{hasCost ? "Usage and cost" : "Usage"}</h4>
      <table class="usage">
        <thead>
          <tr>
            <th scope="col">Counted</th>
            <th scope="col">Units</th>
            {hasCost && <th scope="col">Cost in USD</th>}
          </tr>
        </thead>
        <tbody>
          {ordered.slice(0, MAX_KEYS).map((key) => {
            const count = of(usageDetails, key);
            const cost = of(costDetails, key);
            return (
              <tr key={key} data-total={key === "total" ? "" : undefined}>
                <th scope="row" dir="auto">
                  {cutText(key, 120)}
                </th>
                <td>{count !== undefined && formatInteger(count)}</td>
                {hasCost && <td>{cost !== undefined && formatCost(cost)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
      {ordered.length > MAX_KEYS && (
        <p class="detail-note">{formatInteger(ordered.length - MAX_KEYS)} more</p>
      )}
    </section>
  );
}
