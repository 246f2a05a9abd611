/**
 * Reads the file of the first argument, as another program does: for each line on its input it
 * prints how many observations there are.
 */

import { createInterface } from "node:readline";

const { DatabaseSync } =
  process.getBuiltinModule?.("node:sqlite") ?? (await import("@photostructure/sqlite"));
const database = new DatabaseSync(process.argv[2], { readOnly: true });
const count = database.prepare("SELECT count(*) AS count FROM observations");

process.stdout.write("ready\n");
for await (const _line of createInterface(process.stdin)) {
  process.stdout.write(`${count.get().count}\n`);
}
database.close();
