import { createDiagnostics } from "../../../../src/diagnostics/logger";
import { openSpool, RETRY_MS } from "../../../../src/export/spool/open-spool";

/*
 * Runs under a limit on the size of files, so that a write really stops in the middle. Prints which
 * records were stored, as JSON.
 */
const [dir = ""] = process.argv.slice(2);
let now = 0;
const spool = openSpool({
  dir,
  maxBytes: 100_000_000,
  diagnostics: createDiagnostics(console, "warn"),
  now: () => now,
});
const stored: number[] = [];
for (const [index, length] of [3_000, 3_000, 30_000, 10, 3_000].entries()) {
  const record = {
    kind: "span" as const,
    body: Buffer.alloc(length, String(index)),
    traceAttributes: Buffer.alloc(0),
    isRoot: false,
    traceId: "",
  };
  if (spool.append(record, { isInMemory: false }) !== undefined) stored.push(index);
  if (index === 3) now += RETRY_MS;
}
console.log(JSON.stringify(stored));
