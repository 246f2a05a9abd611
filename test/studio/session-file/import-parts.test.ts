import { expect, it } from "vitest";
import type { SessionImport } from "../../../src/studio/api/import-types";
import { type FileOutcome, importParts } from "../../../src/studio/session-file/import-parts";

function importOf(count: number): SessionImport {
  return {
    sessionId: "s",
    traceCount: count,
    observationCount: 2 * count,
    scoreCount: 3 * count,
    commentCount: 4 * count,
    mediaCount: 5 * count,
  };
}

/** @param parts - how much is in each; one of less than nothing is refused */
function outcomeOf(...parts: readonly number[]): Promise<FileOutcome> {
  async function* each(): AsyncGenerator<number> {
    yield* parts;
  }
  const send = async (count: number): Promise<SessionImport> => {
    if (count < 0) throw new Error("no");
    return importOf(count);
  };
  return importParts(each(), send, (error) => `Refused: ${String(error)}.`);
}

it("counts what all parts of a file brought in", async () => {
  expect(await outcomeOf(1, 10, 100)).toEqual({ imported: importOf(111) });
});

it("ends with the first part that fails, and says what became of those before it", async () => {
  expect(await outcomeOf(-1, 1)).toEqual({ failure: "Refused: Error: no." });
  expect(await outcomeOf(1, -1, 1)).toEqual({
    failure:
      "Refused: Error: no. What came before that is in the studio; import it again to go on: nothing is doubled.",
  });
});

it("says of a file without parts that it is empty", async () => {
  expect(await outcomeOf()).toEqual({ failure: "It is empty." });
});
