import { promisify } from "node:util";
import type { ZlibOptions } from "node:zlib";

const MIN_CHUNK_BYTES = 1_024;
const MAX_CHUNK_BYTES = 1_024 * 1_024;

type Gzip = (body: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

let loading: Promise<Gzip> | undefined;

/**
 * Gzip at level 1, on the thread pool. Loaded when it is first needed. Rejects when zlib has no memory.
 */
export async function compress(pieces: readonly Uint8Array[]): Promise<Buffer> {
  loading ??= import("node:zlib").then(({ gzip }) => promisify(gzip) as Gzip); // one of its overloads
  const gzip = await loading;
  const [only, ...others] = pieces;
  const body = only !== undefined && others.length === 0 ? only : Buffer.concat(pieces);
  return gzip(body, { level: 1, chunkSize: chunkBytes(body.length) });
}

/**
 * Memory for what comes out, in one piece where it is compressed as well as JSON usually is: each
 * piece is a turn on the main thread.
 */
function chunkBytes(byteLength: number): number {
  return Math.min(Math.max(MIN_CHUNK_BYTES, byteLength >>> 1), MAX_CHUNK_BYTES);
}
