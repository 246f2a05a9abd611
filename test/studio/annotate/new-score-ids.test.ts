import { expect, it } from "vitest";
import { isNewScore, newScoreIdOf } from "../../../src/studio/page/scores/score-writes";

function askFor(count: number, name: string): void {
  for (let index = 0; index < count; index += 1) newScoreIdOf(`${name} ${index}`);
}

it("keeps the id of a score that is written anew for the latest 50 subjects", () => {
  const id = newScoreIdOf("one");
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  askFor(49, "first");
  expect(newScoreIdOf("one")).toBe(id); // the latest again
  askFor(49, "second");
  expect(isNewScore("one", id)).toBe(true);
  askFor(1, "third");
  expect(isNewScore("one", id)).toBe(false);
  expect(newScoreIdOf("one")).not.toBe(id);
});
