/** The figures as one Markdown table, and as text between markers of a document. */

import { readFileSync, writeFileSync } from "node:fs";
import { judge, ROWS } from "../rows.mjs";
import { SUBJECTS, versionsOf } from "../subjects.mjs";

const SIGNIFICANT = 2;

/** @param results - see results.mjs */
export function formatTable({ subjects }) {
  const known = SUBJECTS.filter((subject) => subjects[subject] !== undefined);
  const rows = ROWS.filter(({ key }) => known.some((subject) => subjects[subject].figures[key]));
  const lines = [
    ["measure", "unit", "goal", "", ...known],
    ["---", "---", "---", "---", ...known.map(() => "---:")],
    ...rows.map((row) => [
      row.label,
      row.unit,
      formatGoal(row.goal),
      formatVerdict(row, subjects),
      ...known.map((subject) => formatCell(row, subjects[subject])),
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What stands under the table: what the marks mean, why a figure is missing, which versions. */
export function formatNotes({ subjects, machine, command, repeats }) {
  const missing = Object.entries(subjects).flatMap(([subject, { problems = {} }]) =>
    Object.entries(problems).map(([key, problem]) => `- ${subject}, ${key}: ${problem}`),
  );
  const versions = Object.keys(subjects)
    .filter((subject) => versionsOf(subject).length > 0)
    .map((subject) => `- ${subject}: ${versionsOf(subject).join(", ")}`);
  return [
    `Medians of ${repeats} interleaved runs (the soak and what is installed: one), each in a process of its own; in brackets the lowest and the highest. ¹ without gzip, which the subject has no option for. "n % arrived" where the sink did not get every span.`,
    `Machine: ${machine}. Command: \`${command}\`.`,
    ["Versions:", "", ...versions].join("\n"),
    missing.length === 0 ? "" : ["No figure:", "", ...missing].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->` in a file. */
export function writeBetween(file, name, text) {
  const document = readFileSync(file, "utf8");
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = document.indexOf(open);
  const to = document.indexOf(close);
  if (from < 0 || to < from) throw new Error(`Expected ${open} and ${close} in ${file.pathname}`);
  const updated = `${document.slice(0, from + open.length)}\n${text}\n${document.slice(to)}`;
  writeFileSync(file, updated);
}

function formatGoal({ ratio, limit, atLeast }) {
  if (atLeast !== undefined) return `≥ ${atLeast}`;
  if (limit !== undefined) return `≤ ${limit}`;
  return ratio === undefined ? "" : `≤ ${ratio} × floor`;
}

function formatVerdict({ key, goal }, { playhead, floor }) {
  const verdict = judge(goal, key, playhead?.figures, floor?.figures);
  if (verdict === undefined) return "";
  const ratio = goal.ratio === undefined ? "" : ` (${verdict.actual.toFixed(2)} ×)`;
  return `${verdict.isMet ? "met" : "**not met**"}${ratio}`;
}

function formatCell({ key, withoutGzip }, { figures, arrived = {} }) {
  const shown = figures[key] === undefined ? withoutGzip : key;
  const figure = figures[shown];
  if (figure === undefined) return "–";
  const mark = shown === key ? "" : " ¹";
  const loss =
    shown !== "burst arrived" && arrived[shown] < 100
      ? `, ${formatNumber(arrived[shown])} % arrived`
      : "";
  const range =
    figure.low === figure.high ? "" : ` (${formatNumber(figure.low)}–${formatNumber(figure.high)})`;
  return `${formatNumber(figure.median)}${range}${mark}${loss}`;
}

/** Two digits that count, and none of them after the point from 100 on. */
export function formatNumber(value) {
  if (Math.abs(value) >= 100) return Math.round(value).toString();
  return Number(value.toPrecision(SIGNIFICANT)).toString();
}
