import type { JsonValue, Turn } from "../api/types";
import { turnUserText } from "../conversation/turn-text";

/** Longest text of a test's name that is taken from what the user said, in characters. */
const MAX_NAME_LENGTH = 60;

/**
 * A test file for vitest that gives an application the inputs of a session, turn by turn, and
 * compares its outputs with those that were captured. Whoever has it fills in one function. Turns
 * without an output are left out. Whatever was captured stays data: it stands in JSON only.
 */
export function* vitestFile(sessionId: string, turns: Iterable<Turn>): Generator<string, void> {
  yield `import { describe, expect, it } from "vitest";

interface Turn {
  readonly name: string;
  readonly input: unknown;
  readonly output: unknown;
}

/**
 * Answers as your application does. Fill it in, or import it in its place:
 *
 *     import { respond } from "../src/app";
 *
 * Called for one turn after the other.
 * @param input - of the turn, as it was captured: JSON is parsed
 * @param sessionId - the same for all turns of a run, another one in each run
 */
async function respond(input: unknown, sessionId: string): Promise<unknown> {
  throw new Error("Expected respond() to be filled in, see the beginning of this file");
}

/** Where answers differ from run to run, compare here what has to stay the same. */
function compare(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(expected);
}

const TURNS: readonly Turn[] = [`;
  let number = 0;
  for (const turn of turns) {
    number += 1;
    if (turn.output === null) continue;
    const said = (turnUserText(turn.input) ?? "").replace(/\s+/g, " ").slice(0, MAX_NAME_LENGTH);
    yield `
  {
    name: ${source(`turn ${number}: ${said}`.toWellFormed())},
    input: ${source(turn.input)},
    output: ${source(turn.output)},
  },`;
  }
  yield `
];

describe(${source(`the session ${sessionId}`)}, () => {
  const sessionId = \`replay-\${Date.now()}\`;
  for (const { name, input, output } of TURNS) {
    it(name, async () => {
      compare(await respond(input, sessionId), output);
    });
  }
});
`;
}

/** An expression for a value. JSON is one, but for a name that stands for the prototype there. */
function source(value: JsonValue): string {
  const json = JSON.stringify(value, null, 2)
    .replaceAll("\n", "\n    ")
    .replace(/[\u2028\u2029]/g, (separator) => (separator === "\u2028" ? "\\u2028" : "\\u2029"));
  return json.includes("__proto__") ? `JSON.parse(${JSON.stringify(JSON.stringify(value))})` : json;
}
