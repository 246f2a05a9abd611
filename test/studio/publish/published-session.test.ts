import { expect, it, onTestFinished, vi } from "vitest";
import { publishedSession } from "../../../src/studio/api/published-session";
import type { PublicationRecord } from "../../../src/studio/store/publication-store";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { observationOf, START_US } from "../store/records";

const PUBLICATION: PublicationRecord = {
  id: "p",
  sessionId: "s",
  redact: ["email"],
  createdUs: START_US,
  createdBy: { name: null, access: "open", address: null },
  expiresUs: null,
  revokedUs: null,
  revokedBy: null,
};

async function storeWithTraces(...ids: readonly string[]) {
  const store = await openSqliteStore(":memory:");
  onTestFinished(() => store.close());
  store.putObservations(
    ids.map((traceId) => observationOf({ traceId, id: traceId, sessionId: "s" })),
  );
  return store;
}

it("reads the traces of the session once for a request, however many ids it asks for", async () => {
  const hidden = ["ann@example.com", "bob@example.com"];
  const store = await storeWithTraces(...hidden);
  const outline = publishedSession(PUBLICATION, store).outline();
  const publicIds = outline?.turns.map(({ traceId }) => traceId) ?? [];
  expect(publicIds).toEqual([
    expect.stringMatching(/^redacted-/),
    expect.stringMatching(/^redacted-/),
  ]);
  const reads = vi.spyOn(store, "tracesOfSession");
  const unknown = Array.from({ length: 98 }, (_, index) => `redacted-${index}`);

  const { data } = publishedSession(PUBLICATION, store).turns([...publicIds, ...unknown]);

  expect(data.map(({ traceId }) => traceId)).toEqual(publicIds);
  expect(reads).toHaveBeenCalledTimes(1);
});

it("reads no other traces where each id is one of the session", async () => {
  const store = await storeWithTraces("one", "two");
  const reads = vi.spyOn(store, "tracesOfSession");
  expect(publishedSession(PUBLICATION, store).turns(["one", "two"]).data).toHaveLength(2);
  expect(reads).not.toHaveBeenCalled();
});

it.each([
  ["with", PUBLICATION.redact],
  ["without", []],
] as const)(
  "answers with a turn once that is asked for again and again, %s presets",
  async (_, redact) => {
    const store = await storeWithTraces("one", "two");
    const session = publishedSession({ ...PUBLICATION, redact }, store);
    const { data, left } = session.turns(["two", "one", "two", "one"]);
    expect(data.map(({ traceId }) => traceId)).toEqual(["two", "one"]);
    expect(left).toEqual([]);
  },
);
