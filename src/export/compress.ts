import type { createGzip } from "node:zlib";

const MIN_CHUNK_BYTES = 1_024;
const MAX_CHUNK_BYTES = 1_024 * 1_024;

let loading: Promise<typeof createGzip> | undefined;

/**
 * Gzip at level 1, on the thread pool. Loaded when it is first needed. Rejects when zlib has no memory.
 * @returns in pieces as they come: nobody copies them together
 */
export async function compress(pieces: readonly Uint8Array[]): Promise<Buffer[]> {
  loading ??= import("node:zlib").then((zlib) => zlib.createGzip);
  const create = await loading;
  return new Promise((resolve, reject) => {
    const byteLength = pieces.reduce((sum, { length }) => sum + length, 0);
    const gzip = create({ level: 1, chunkSize: chunkBytes(byteLength) });
    const compressed: Buffer[] = [];
    gzip.on("data", (piece: Buffer) => compressed.push(piece));
    gzip.once("end", () => resolve(compressed));
    gzip.once("error", reject);
    for (const piece of pieces) gzip.write(piece);
    gzip.end();
  });
}

/**
 * Memory for what comes out, in one piece where it is compressed as well as JSON usually is: each
 * piece is a turn on the main thread.
 */
function chunkBytes(byteLength: number): number {
  return Math.min(Math.max(MIN_CHUNK_BYTES, byteLength >>> 1), MAX_CHUNK_BYTES);
}
