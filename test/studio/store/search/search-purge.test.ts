import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../../../src/studio/store/open-database";
import { migrate } from "../../../../src/studio/store/schema";
import { createSearchIndex } from "../../../../src/studio/store/search/search-index";
import { WANT_PURGE } from "../../../../src/studio/store/search/search-purge";

/** An index whose clock stands where the test sets it. */
async function indexUnderTest() {
  const database = await openDatabase(":memory:");
  onTestFinished(() => database.close());
  migrate(database);
  const clock = { ms: 0 };
  let purgeCount = 0;
  const index = createSearchIndex(database, {
    now: () => clock.ms,
    onPurged: () => {
      purgeCount += 1;
    },
  });
  return { index, clock, want: () => database.exec(WANT_PURGE), purged: () => purgeCount };
}

it("tells once that what was deleted is gone", async () => {
  const { index, want, purged } = await indexUnderTest();
  expect(index.isPurged()).toBe(true);
  want();
  want();
  expect(index.isPurged()).toBe(false);
  while (index.step());
  expect([index.isPurged(), purged()]).toEqual([true, 1]);
  index.step();
  expect(purged()).toBe(1);
});

it("makes another pass for what is deleted during one", async () => {
  const { index, want, purged } = await indexUnderTest();
  want();
  index.step();
  want();
  while (index.step());
  expect([index.isPurged(), purged()]).toEqual([true, 1]);
});

it("rests after a pass for nine times its length", async () => {
  const { index, clock, want } = await indexUnderTest();
  want();
  index.step();
  clock.ms = 1_000;
  while (index.step());
  want();
  clock.ms = 9_999;
  while (index.step());
  expect(index.isPurged()).toBe(false);
  clock.ms = 10_000;
  while (index.step());
  expect(index.isPurged()).toBe(true);
});
