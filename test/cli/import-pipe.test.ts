import { execFile } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { OTLP_PATH, openStudio, post } from "../studio/server/running-studio";
import { otlpJson } from "../studio/server/spans";
import { hashOf, writeLargeFile } from "../studio/session-file/large-file";
import { runHere as run } from "./run-here";
import type { Ended } from "./run-playhead";

/** Runs `playhead import` with what comes out of a pipe, as `zcat x.json.gz | playhead import /dev/stdin` does. */
async function importPiped(content: Readable, url: string): Promise<Ended & { pipe: string }> {
  const folder = await mkdtemp(join(tmpdir(), "playhead-pipe-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pipe = join(folder, "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  const [ended] = await Promise.all([
    run("import", pipe, "--url", url),
    // A reader that has seen enough closes its end.
    pipeline(content, createWriteStream(pipe)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    }),
  ]);
  return { ...ended, pipe };
}

// Windows has none of this kind.
describe.skipIf(process.platform === "win32")("a named pipe", () => {
  it("is imported, however large what comes through it is", async () => {
    const studio = await openStudio();
    const large = await writeLargeFile();
    expect(await importPiped(createReadStream(large), studio.url)).toMatchObject({
      code: 0,
      output: 'Session "large": 1 trace, 1 observation, 0 scores, 0 comments, 5 files.\n',
      errors: "",
    });
    const again = `${large}.again`;
    await run("export", "large", "--url", studio.url, "-o", again);
    expect(await hashOf(again)).toBe(await hashOf(large));
  }, 120_000);

  it("is imported where a small file comes through it in other lines than it was exported", async () => {
    const [from, to] = [await openStudio(), await openStudio()];
    await post(from, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
    const { output } = await run("export", "s", "--url", from.url);
    const other = JSON.stringify(JSON.parse(output), null, 2);
    expect(await importPiped(Readable.from([other]), to.url)).toMatchObject({
      code: 0,
      errors: "",
    });
    expect((await run("export", "s", "--url", to.url)).output).toBe(output);
  });

  it("is refused where nothing comes through it, or no session, and it says so", async () => {
    const { url } = await openStudio();
    const nothing = await importPiped(Readable.from([]), url);
    expect(nothing).toMatchObject({ code: 1, errors: `${nothing.pipe}: It is empty.\n` });
    const chunk = Buffer.alloc(1024 * 1024, "x");
    async function* endless(): AsyncGenerator<Buffer> {
      for (let count = 0; count < 560; count += 1) yield chunk;
    }
    const junk = await importPiped(Readable.from(endless()), url);
    expect(junk).toMatchObject({ code: 1, output: "" });
    expect(junk.errors).toContain("this one was written anew");
  }, 60_000);
});
