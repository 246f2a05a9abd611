/** Figures as they stand in docs/scale.md: two digits that count, or three from 100 on. */

const STEPS = {
  bytes: [
    [1e12, "TB"],
    [1e9, "GB"],
    [1e6, "MB"],
    [1e3, "KB"],
    [1, "B"],
  ],
  seconds: [
    [172_800, "days", 86_400],
    [7_200, "h", 3_600],
    [120, "min", 60],
    [0, "s", 1],
  ],
};

export function number(value) {
  const digits = Math.abs(value) >= 100 ? 3 : 2;
  return Number(value.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 6 });
}

export function bytes(value) {
  const [size, unit] = STEPS.bytes.find(([least]) => value >= least) ?? [1, "B"];
  return `${number(value / size)} ${unit}`;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "never";
  const [, unit, size] = STEPS.seconds.find(([least]) => seconds >= least);
  return `${number(seconds / size)} ${unit}`;
}

export function percent(share) {
  return `${number(share * 100)} %`;
}

export function usd(value) {
  return value.toFixed(3);
}

/** @param rows - of cells; the first is the head, and the first cell of each row its label */
export function table([head, ...rows]) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map((_, at) => (at === 0 ? "---" : "---:"))),
    ...rows.map(line),
  ].join("\n");
}
