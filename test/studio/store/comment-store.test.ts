import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { CommentRecord } from "../../../src/studio/store/comment-store";
import { openDatabase } from "../../../src/studio/store/open-database";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { observationOf, START_US } from "./records";

const commentOn = (objectType: CommentRecord["objectType"], objectId: string): CommentRecord => ({
  id: `${objectType} ${objectId}`,
  objectType,
  objectId,
  content: "Look",
  authorUserId: null,
  createdUs: START_US,
});

it("comments go with what they are about, those of a session with its last trace", async () => {
  const folder = mkdtempSync(join(tmpdir(), "playhead-comments-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "studio.db");

  const before = await openSqliteStore(path);
  before.putObservations([
    observationOf({ traceId: "a1", id: "x", sessionId: "a" }),
    observationOf({ traceId: "b1", id: "y", sessionId: "b" }),
    observationOf({ traceId: "b2", id: "z", sessionId: "b" }),
  ]);
  for (const [objectType, objectId] of [
    ["SESSION", "a"],
    ["SESSION", "b"],
    ["TRACE", "a1"],
    ["TRACE", "b1"],
    ["TRACE", "b2"],
    ["OBSERVATION", "x"],
    ["OBSERVATION", "z"],
  ] as const) {
    before.comments.add(commentOn(objectType, objectId));
  }
  before.close();

  const database = await openDatabase(path);
  for (const traceId of ["a1", "b1"]) {
    database.prepare("DELETE FROM observations WHERE trace_id = ?").run(traceId);
    database.prepare("DELETE FROM traces WHERE id = ?").run(traceId);
  }
  database.close();

  const after = await openSqliteStore(path);
  onTestFinished(() => after.close());
  const left = after.comments.list({ limit: 10, offset: 0 });
  expect(left.rows.map(({ id }) => id)).toEqual(["OBSERVATION z", "SESSION b", "TRACE b2"]);
  expect(left.totalCount).toBe(3);
});

it("a trace that is written again keeps its comments", async () => {
  const store = await openSqliteStore(":memory:");
  onTestFinished(() => store.close());
  store.putObservations([observationOf({ sessionId: "s" })]);
  store.comments.add(commentOn("TRACE", "t"));
  store.comments.add(commentOn("SESSION", "s"));
  store.putObservations([observationOf({ id: "later", sessionId: "s" })]);
  expect(store.comments.list({ limit: 10, offset: 0 }).totalCount).toBe(2);
});
