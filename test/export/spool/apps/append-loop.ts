import { openSync, writeSync } from "node:fs";
import { createDiagnostics } from "../../../../src/diagnostics/logger";
import { openSpool } from "../../../../src/export/spool/open-spool";

/*
 * Appends for ever and settles some of it. Says what has happened, after it has, in a file of its
 * own, which a kill leaves whole: `stored <id>` and, once the settle was written, `settled <id>`.
 * Prints a line per round. Ends by being killed.
 */
const [dir = "", name = "", journalPath = ""] = process.argv.slice(2);
const journal = openSync(journalPath, "a");
const spool = openSpool({
  dir,
  maxBytes: 1_000_000_000,
  diagnostics: createDiagnostics(console, "warn"),
});

function say(line: string): void {
  writeSync(journal, `${line}\n`);
}

function round(first: number): void {
  const settled: string[] = [];
  for (let index = first; index < first + 20; index += 1) {
    const id = `${name}-${index}`;
    const ticket = spool.append(
      {
        kind: "span",
        body: Buffer.from(`${id} ${"x".repeat((index * 7_919) % 20_000)}`),
        traceAttributes: Buffer.alloc(0),
        isRoot: false,
        traceId: "",
      },
      { isInMemory: index % 2 === 0 },
    );
    if (ticket === undefined) continue;
    say(`stored ${id}`);
    if (index % 5 !== 0) continue;
    spool.settle(ticket);
    settled.push(id);
  }
  // The spool writes what was settled on the next turn; this comes on the turn after that.
  setImmediate(() =>
    setImmediate(() => {
      for (const id of settled) say(`settled ${id}`);
      console.log(first);
      round(first + 20);
    }),
  );
}

round(0);
