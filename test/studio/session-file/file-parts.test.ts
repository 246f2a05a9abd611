import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_IMPORT_BYTES } from "../../../src/studio/api/import-types";
import { sessionFileParts, UnpartableFileError } from "../../../src/studio/session-file/file-parts";
import {
  InvalidSessionFileError,
  readSessionFile,
} from "../../../src/studio/session-file/read-session-file";
import { storedSession } from "../../../src/studio/session-file/stored-session";
import { openSqliteStore } from "../../../src/studio/store/sqlite-store";
import type { Store } from "../../../src/studio/store/store";
import { mediaOf } from "../store/media";
import { observationOf, START_US, scoreOf } from "../store/records";
import { fileOf, importInto, partsOf } from "./session-file";

let from: Store;
let to: Store;
beforeEach(async () => {
  from = await openSqliteStore(":memory:");
  to = await openSqliteStore(":memory:");
  from.putObservations([
    observationOf({ traceId: "a", id: "1", sessionId: "s", startUs: START_US }),
    observationOf({ traceId: "b", id: "2", sessionId: "s", startUs: START_US + 1 }),
  ]);
  from.putScore(scoreOf({ traceId: "b" }));
  from.comments.add({
    id: "c",
    objectType: "OBSERVATION",
    objectId: "1",
    content: "Yes\u2028and\nno",
    authorUserId: null,
    createdUs: START_US,
  });
});
afterEach(() => {
  from.close();
  to.close();
});

interface PartOfFile {
  readonly isPart: true;
  readonly traces: readonly { readonly id: string }[];
  readonly scores: readonly unknown[];
  readonly comments: readonly unknown[];
}

/** Of a part: traces, scores and comments. */
function countsOf(text: string): string {
  const { traces, scores, comments } = JSON.parse(text) as PartOfFile;
  return `${traces.length} ${scores.length} ${comments.length}`;
}

it("holds as many lines in a part as may be, and a longer one alone", async () => {
  const file = fileOf(from, "s");
  const counts = async (bytes: number) => (await partsOf(file, bytes)).map(countsOf);
  expect(await counts(1)).toEqual(["1 0 0", "1 0 0", "0 1 0", "0 0 1"]);
  const lines = file.split("\n").filter((line) => line.startsWith("{"));
  const [, first = "", second = ""] = lines;
  expect(await counts(first.length + second.length)).toEqual(["2 0 0", "0 1 1"]);
  expect(await counts(first.length + second.length - 1)).toEqual(["1 0 0", "1 1 1"]);
  expect(await counts(1_000_000)).toEqual(["2 1 1"]);
});

it("holds as many lines in a part as may be by their objects, lists and members", async () => {
  const file = fileOf(from, "s");
  const counts = async (maxSigns: number) =>
    (await partsOf(file, 1_000_000, { maxSigns })).map(countsOf);
  const lines = file.split("\n").filter((line) => line.startsWith("{"));
  const [, first = 0, second = 0] = lines.map(
    (line) => line.replace(/"(?:\\.|[^"\\])*"/g, "").replace(/[^,[{]/g, "").length,
  );
  expect(await counts(1)).toEqual(["1 0 0", "1 0 0", "0 1 0", "0 0 1"]);
  expect(await counts(first + second)).toEqual(["2 0 0", "0 1 1"]);
  expect(await counts(first + second - 1)).toEqual(["1 0 0", "1 1 1"]);
  expect(await counts(1_000)).toEqual(["2 1 1"]);
});

it("parts the file of a session whose id has separators of lines that are not line feeds", async () => {
  const id = "a\u2028b\u2029c\u0085d\re\nf";
  from.putObservations([observationOf({ traceId: "u", id: "3", sessionId: id })]);
  const [part = "", ...others] = await partsOf(fileOf(from, id), 1_000_000);
  expect(others).toEqual([]);
  importInto(to, part);
  expect(fileOf(to, id)).toBe(fileOf(from, id));
});

it.each([
  ["breaks off in a line", (file: string) => file.slice(0, -40)],
  ["breaks off between two lines", (file: string) => file.split("\n").slice(0, 3).join("\n")],
  ["breaks off before its end", (file: string) => file.slice(0, -2)],
])("says that a file breaks off which %s", async (_, cut) => {
  await expect(partsOf(cut(fileOf(from, "s")), 1_000_000)).rejects.toThrow(UnpartableFileError);
});

it.each([
  ["in one line", (file: string) => JSON.stringify(JSON.parse(file))],
  ["in more lines", (file: string) => JSON.stringify(JSON.parse(file), null, 2)],
  ["with something after it", (file: string) => `${file}{}\n`],
  ["with a list that is not known", (file: string) => file.replace('"scores"', '"grades"')],
])("parts no file that was written anew %s", async (_, write) => {
  await expect(partsOf(write(fileOf(from, "s")), 1_000_000)).rejects.toThrow(
    "A file of this size, or of so many values, is imported as it was exported, line by line; this one was written anew.",
  );
});

describe("a file without end is read no further than", () => {
  const MIB = 1024 * 1024;

  /** Hands out as many chunks of a MiB as are asked for, and throws where they are more than the file may have. */
  function endless(beginning: string): { chunks: AsyncGenerator<Uint8Array>; read: () => number } {
    const chunk = new Uint8Array(MIB).fill("x".charCodeAt(0));
    let count = 0;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(beginning);
      while (count++ < 560) yield chunk;
      throw new Error("Expected that it is read no further");
    }
    return { chunks: chunks(), read: () => count };
  }

  const HEAD =
    '{"format":"playhead.session","version":1,"session":{"id":"s","isBookmarked":false},';

  it("the place where its first line is too long", async () => {
    const { chunks, read } = endless(`${HEAD}"traces":[`);
    await expect(sessionFileParts(chunks).next()).rejects.toThrow("this one was written anew");
    expect(read()).toBe(1);
  });

  it("the place where a trace is larger than what is imported at once", async () => {
    const { chunks, read } = endless(`${HEAD}\n"traces":[\n{`);
    const next = sessionFileParts(chunks).next();
    await expect(next).rejects.toThrow(UnpartableFileError);
    await expect(next).rejects.toThrow("One trace (or file) of it is larger than 128 MiB");
    expect(read()).toBe(128);
  });
});

it("makes no part that is larger than what is imported at once, with what stands around its line", async () => {
  async function* chunks(lineBytes: number): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('{"format":1,\n"traces":[\n{');
    yield new Uint8Array(lineBytes - 1);
    yield new TextEncoder().encode("\n]}");
  }
  const around = '{"format":1,"isPart":true,"traces":[],"scores":[],"comments":[],"media":[]}'
    .length;
  const most = MAX_IMPORT_BYTES - around;
  const whole = await sessionFileParts(chunks(most)).next();
  expect(whole.value?.size).toBe(MAX_IMPORT_BYTES);
  await expect(sessionFileParts(chunks(most + 1)).next()).rejects.toThrow(
    "One trace (or file) of it is larger than 128 MiB",
  );
});

describe("a later part is refused", () => {
  it.each([
    ["with a score", 2, "which is not in this studio"],
    ["with a comment", 3, "which is not in this studio"],
  ])("%s whose session is not there", async (_, index, message) => {
    const part = (await partsOf(fileOf(from, "s"), 1))[index] ?? "";
    expect(() => importInto(to, part)).toThrow(InvalidSessionFileError);
    expect(() => importInto(to, part)).toThrow(message);
    expect(to.getSession("s")).toBeUndefined();
  });

  it("whose traces are of another session, or not there", async () => {
    const [first = "", , score = "", comment = ""] = await partsOf(fileOf(from, "s"), 1);
    importInto(to, first);
    expect(() => importInto(to, score)).toThrow('the score "score" is of another session or trace');
    importInto(to, comment);
    to.putObservations([observationOf({ traceId: "b", id: "2", sessionId: "other" })]);
    expect(() => importInto(to, score)).toThrow('the score "score" is of another session or trace');
    expect(to.scores.get("score")).toBeUndefined();
  });

  it("whose comment is on an observation of another session", async () => {
    const [, second = "", , comment = ""] = await partsOf(fileOf(from, "s"), 1);
    importInto(to, second);
    to.putObservations([observationOf({ traceId: "x", id: "1", sessionId: "other" })]);
    expect(() => importInto(to, comment)).toThrow('the comment "c" is on another session');
    expect(to.comments.get("c")).toBeUndefined();
  });
});

it("asks the store once for a trace, however often a later part names it", () => {
  importInto(to, fileOf(from, "s"));
  const media = { ...mediaOf("a picture"), uploadedUs: null, content: null };
  const places = ["input", "output", "metadata"].map((field) => ({
    traceId: "a",
    observationId: null,
    field,
  }));
  const part = JSON.stringify({
    format: "playhead.session",
    version: 1,
    session: { id: "s", isBookmarked: false },
    isPart: true,
    traces: [],
    scores: ["1", "2"].map((id) => scoreOf({ id, traceId: "b" })),
    comments: [],
    media: [{ ...media, places }],
  });
  const getTrace = vi.spyOn(to, "getTrace");
  readSessionFile(part, (sessionId) => storedSession(sessionId, to));
  expect(getTrace.mock.calls).toEqual([["b"], ["a"]]);
});

it("refuses what only a part may leave out in a file that is none", async () => {
  const parts = await partsOf(fileOf(from, "s"), 1);
  for (const part of parts.slice(0, 2)) importInto(to, part);
  const whole = (parts[2] ?? "").replace('"isPart":true,', "");
  expect(() => importInto(to, whole)).toThrow("traces: Too small");
});
