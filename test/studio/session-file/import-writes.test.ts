import { expect, it } from "vitest";
import { importSession } from "../../../src/studio/session-file/import-session";
import { readSessionFile } from "../../../src/studio/session-file/read-session-file";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import { mediaOf } from "../store/media";
import { observationOf, START_US, scoreOf } from "../store/records";
import { fileOf } from "./session-file";

it("is written by some hundred rows at a time, however many one trace has", async () => {
  const [from, to] = [await openSqliteStore(":memory:"), await openSqliteStore(":memory:")];
  const many = Array.from({ length: 1_200 }, (_, index) => String(index));
  const media = mediaOf("a");
  from.putObservations(many.map((id) => observationOf({ traceId: "t", id, sessionId: "s" })));
  for (const id of many) {
    from.putScore(scoreOf({ id, traceId: "t", name: id }));
    from.media.announce(media, { traceId: "t", observationId: id, field: "input" });
    const objectType = "TRACE";
    const comment = { id, objectType, objectId: "t", content: id, authorUserId: null } as const;
    from.comments.add({ ...comment, createdUs: START_US });
  }
  from.media.putContent(media.id, Buffer.from("a"), START_US);
  from.setBookmark("s", true);
  const file = fileOf(from, "s");
  const rows: number[] = [];
  for (const write of importSession(readSessionFile(file), to)) {
    const { errors } = to.writeTogether([write.run]);
    expect(errors).toEqual([undefined]);
    rows.push(write.rows);
  }
  expect(Math.max(...rows)).toBe(500);
  expect(rows.reduce((sum, count) => sum + count, 0)).toBe(4 * 1_200 + 2);
  expect(fileOf(to, "s")).toBe(file);
  from.close();
  to.close();
});

it("is written by some MiB at a time, whatever it is that is large, and knows how many", async () => {
  const [from, to] = [await openSqliteStore(":memory:"), await openSqliteStore(":memory:")];
  const text = "ü".repeat(512 * 1024); // a MiB
  const ids = ["1", "2", "3", "4", "5"];
  const [metadata, sessionId] = [{ text }, "s"];
  // In traces of their own, and in one.
  from.putObservations(ids.map((id) => observationOf({ traceId: id, id, sessionId, metadata })));
  from.putObservations(ids.map((id) => observationOf({ traceId: "t", id, sessionId, metadata })));
  for (const id of ids) {
    from.putScore(scoreOf({ id, traceId: "t", name: id, comment: text }));
    const target = { objectType: "TRACE", objectId: "t" } as const;
    from.comments.add({ id, ...target, content: text, authorUserId: null, createdUs: START_US });
  }
  const writes = [...importSession(readSessionFile(fileOf(from, "s")), to)];
  expect(writes.map(({ rows }) => rows)).toEqual([3, 3, 3, 1, 3, 2, 3, 2]);
  for (const { rows, bytes } of writes) {
    expect(bytes / 1024 / 1024).toBeGreaterThan(rows);
    expect(bytes / 1024 / 1024).toBeLessThan(rows + 0.1);
  }
  from.close();
  to.close();
});

it("is written together, where it has many small traces", async () => {
  const [from, to] = [await openSqliteStore(":memory:"), await openSqliteStore(":memory:")];
  const ids = Array.from({ length: 600 }, (_, index) => String(index));
  from.putObservations(ids.map((id) => observationOf({ traceId: id, id, sessionId: "s" })));
  const writes = [...importSession(readSessionFile(fileOf(from, "s")), to)];
  expect(writes.map(({ rows }) => rows)).toEqual([500, 100]);
  from.close();
  to.close();
});
