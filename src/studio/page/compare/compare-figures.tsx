import type { JSX } from "preact";
import { formatCost, formatDuration, formatInteger } from "../../conversation/format";
import type { Figures } from "./use-compared";

export interface FigureRow {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  /** `+12 %`, `+3`; empty where they are equal, or one is not known. */
  readonly difference: string;
  /** Whether the second is worse: longer, dearer; null where neither is said. */
  readonly isWorse: boolean | null;
}

/** What the two took, line by line; lines of which both know nothing are left out. */
export function figureRows(
  a: Figures | null,
  b: Figures | null,
  models: readonly [readonly string[], readonly string[]],
): readonly FigureRow[] {
  const number = (
    name: string,
    of: (figures: Figures) => number | null,
    format: (value: number) => string,
  ): FigureRow[] => {
    const [one, other] = [a && of(a), b && of(b)];
    if (!one && !other) return [];
    return [
      {
        name,
        a: one === null ? "–" : format(one),
        b: other === null ? "–" : format(other),
        difference: one === null || other === null ? "" : differenceText(one, other, format),
        isWorse: one === null || other === null || one === other ? null : other > one,
      },
    ];
  };
  const [modelsA, modelsB] = models.map((names) => names.join(", "));
  const modelRow: FigureRow = {
    name: "Model",
    a: modelsA || "–",
    b: modelsB || "–",
    difference: modelsA !== modelsB && a !== null && b !== null ? "differs" : "",
    isWorse: null,
  };
  return [
    ...(modelsA || modelsB ? [modelRow] : []),
    ...number("Latency", ({ durationMs }) => durationMs, formatDuration),
    ...number("Tokens in", ({ tokens }) => tokens.input, formatInteger),
    ...number("Tokens out", ({ tokens }) => tokens.output, formatInteger),
    ...number("Cost", ({ totalCost }) => totalCost, formatCost),
    ...number("Errors", ({ errorCount }) => errorCount, formatInteger),
  ];
}

/** `+1.20 s (+50 %)`; the share only where there is something to take it of. */
function differenceText(a: number, b: number, format: (value: number) => string): string {
  if (a === b) return "";
  const sign = b > a ? "+" : "−";
  const text = `${sign}${format(Math.abs(b - a))}`;
  const percent = Math.round((Math.abs(b - a) / a) * 100);
  return a > 0 && percent > 0 && percent < 1_000 ? `${text} (${sign}${percent} %)` : text;
}

export interface FiguresTableProps {
  readonly rows: readonly FigureRow[];
  readonly caption: string;
}

export function FiguresTable({ rows, caption }: FiguresTableProps): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <table class="compare-figures">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">Figure</span>
          </th>
          <th scope="col">A</th>
          <th scope="col">B</th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, a, b, difference, isWorse }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td dir="auto">{a}</td>
            <td dir="auto">{b}</td>
            <td data-worse={isWorse === null ? undefined : String(isWorse)}>{difference}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
