import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "../../../src/studio/api/types";
import { EVENT_FOLD } from "../../../src/studio/ingest/legacy/fold-events";
import type { IngestionEvent } from "../../../src/studio/store/ingestion-events";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { START_US } from "./records";

let store: Store;
beforeEach(async () => {
  const opened = await openSqliteStore(":memory:");
  onTestFinished(() => opened.close());
  store = opened;
});

/** @param second - of the envelope's time: of two that name a trace the earlier one counts */
function event(type: string, second: number, id: string, body: JsonObject = {}): IngestionEvent {
  return {
    entity: type === "trace-create" ? "trace" : "observation",
    entityId: id,
    envelopeId: `${type} ${second}`,
    timestampUs: START_US + second * 1_000_000,
    type,
    body: { id, ...body },
  };
}

const put = (...events: readonly IngestionEvent[]) => store.putEvents(events, EVENT_FOLD);

function catchUp(): void {
  while (store.search.step());
}

function find(search: string): string[] {
  const { rows } = store.findSessions({ sort: "id", order: "asc", limit: 9, search });
  return rows.map(({ session }) => session.id);
}

describe("an observation that moves to another trace", () => {
  const picture = "see @@@langfuseMedia:type=image/png|id=file|source=bytes@@@";

  beforeEach(() => {
    put(
      event("trace-create", 0, "a", { sessionId: "of a" }),
      event("trace-create", 0, "b", { sessionId: "of b" }),
      event("span-create", 5, "o", { traceId: "a", input: `penguin ${picture}` }),
    );
    store.comments.add({
      id: "comment",
      objectType: "OBSERVATION",
      objectId: "o",
      content: "look",
      authorUserId: null,
      createdUs: START_US,
    });
    store.media.announce(
      { id: "file", hash: "h", contentType: "image/png", contentLength: 3 },
      { traceId: "a", observationId: "o", field: "output" },
    );
    store.media.putContent("file", Buffer.from("png"), START_US);
    catchUp();
    put(event("span-update", 1, "o", { traceId: "b" }));
  });

  it("leaves the one for the other, with the sums of both", () => {
    expect(store.observationsOfTrace("a").map(({ id }) => id)).toEqual(["t-a"]);
    expect(store.observationsOfTrace("b").map(({ id }) => id)).toEqual(["t-b", "o"]);
    expect(store.getSession("of a")?.observationCount).toBe(1);
    expect(store.getSession("of b")?.observationCount).toBe(2);
  });

  it("keeps its comments", () => {
    expect(store.comments.get("comment")?.content).toBe("look");
  });

  it("takes its files along: they go with the trace that it is in", () => {
    expect(store.media.placesOf("file")).toEqual([
      { traceId: "b", observationId: "o", field: "input" },
      { traceId: "b", observationId: "o", field: "output" },
    ]);
    for (const _step of store.deletion.trace("b"));
    expect(store.media.get("file")).toBeUndefined();
  });

  it("is found in the session it is in, not in the one it was in", () => {
    catchUp();
    expect(find("penguin")).toEqual(["of b"]);
  });
});

it("a trace whose only observation moves away is gone", () => {
  put(event("span-create", 5, "o"));
  const [{ id = "" } = {}] = store.listSessionlessTraces({ limit: 9 }).rows;
  expect(put(event("span-update", 6, "o", { traceId: "b" })).traceIds.toSorted()).toEqual(
    [id, "b"].toSorted(),
  );
  expect(store.getTrace(id)).toBeUndefined();
  expect(store.listSessionlessTraces({ limit: 9 }).rows.map((trace) => trace.id)).toEqual(["b"]);
});

it("a batch that says nothing new changes nothing, and has nothing indexed again", () => {
  const batch = [
    event("trace-create", 0, "a", { sessionId: "s", name: "chat" }),
    event("span-create", 1, "o", { traceId: "a", input: "word", metadata: { step: 1 } }),
  ];
  expect(put(...batch)).toEqual({ traceIds: ["a"], sessionIds: ["s"] });
  catchUp();
  const again = event("trace-create", 2, "a", { name: "chat" });
  expect(put(...batch, again)).toEqual({ traceIds: [], sessionIds: [] });
  expect(store.search.step()).toBe(false);
  expect(put(event("span-update", 3, "o", { output: "more" })).traceIds).toEqual(["a"]);
  expect(store.search.step()).toBe(true);
});
