import type { ChaosResult } from "./chaos-run";

/** What a chaos run came to, as lines of two columns. */
export function chaosTable(result: ChaosResult): string {
  const faults = [...result.faults]
    .filter(([name]) => name !== "healthy")
    .sort(([one], [other]) => one.localeCompare(other));
  const faultCount = faults.reduce((sum, [, count]) => sum + count, 0);
  const rows: readonly (readonly [string, number])[] = [
    ["changes of the fault", result.changeCount],
    ["times the server was down", result.downCount],
    ["requests met by a fault", faultCount],
    ...faults.map(([name, count]) => [`  ${name}`, count] as const),
    ["requests answered well at once", result.faults.get("healthy") ?? 0],
    ["kill -9", result.killCount],
    ["SIGTERM", result.terminationCount],
    ["spans and scores that ended", result.endedCount],
    ["missing", result.missing.length],
    ["duplicates (acknowledgement lost)", result.duplicateCount],
    ["sent again after an acknowledgement", result.repeated.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, count]) => `${name.padEnd(width)} ${String(count).padStart(8)}`)
    .join("\n");
}
