import { createDiagnostics } from "../../../../src/diagnostics/logger";
import { openSpool } from "../../../../src/export/spool/open-spool";

/* Appends, settles one record and ends in the way it is told; the spool is closed while the process exits. */
const [dir = "", way = ""] = process.argv.slice(2);
const spool = openSpool({
  dir,
  maxBytes: 1_000_000,
  diagnostics: createDiagnostics(console, "warn"),
});
process.on("exit", () => spool.closeSync());

for (const text of ["settled", "kept"]) {
  const ticket = spool.append(
    {
      kind: "score",
      body: Buffer.from(text),
      traceAttributes: Buffer.alloc(0),
      isRoot: true,
      traceId: "",
    },
    { isInMemory: true },
  );
  if (ticket !== undefined && text === "settled") spool.settle(ticket);
}
if (way === "exit") process.exit(3);
if (way === "throw") throw new Error("uncaught");
