import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runCli } from "../../src/cli/run-cli";
import { openSqliteStore } from "../../src/studio/store/sqlite-store";
import { observationOf } from "../studio/store/records";

let folder: string;
let db: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-cli-"));
  db = join(folder, "studio.db");
});
afterEach(() => rm(folder, { recursive: true }));

it("playhead studio --keep says once what it deleted", async () => {
  const store = await openSqliteStore(db);
  store.putObservations([observationOf({ sessionId: "old" })]);
  store.close();
  let output = "";
  const code = await runCli(["studio", "--port", "0", "--db", db, "--keep", "1d"], {
    write: (text) => {
      output += text;
    },
    writeError: (text) => expect.fail(text),
    untilStopped: () => expect.poll(() => output).toContain("Deleted 1 session: not active since"),
  });
  expect(code).toBe(0);
  expect(output.match(/Deleted/g)).toHaveLength(1);
});

it.each([
  ["--keep", "soon", "Expected --keep as a number of minutes, hours, days or weeks"],
  ["--max-size", "2", "Expected --max-size as a number of kB, MB or GB"],
])(
  "playhead studio %s %s ends with 1 and says what was expected",
  async (flag, value, expected) => {
    let errors = "";
    const code = await runCli(["studio", "--port", "0", "--db", db, flag, value], {
      write: (text) => expect.fail(text),
      writeError: (text) => {
        errors += text;
      },
      untilStopped: () => Promise.resolve(),
    });
    expect(code).toBe(1);
    expect(errors).toContain(expected);
    expect(errors).toContain(`got "${value}".`);
  },
);
