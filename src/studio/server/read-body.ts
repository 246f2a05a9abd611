import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { MAX_BODY_BYTES, MAX_DECOMPRESSED_BYTES } from "./limits";

export type BodyResult =
  | { readonly status: "read"; readonly body: Buffer }
  | { readonly status: "too_large"; readonly maxBytes: number }
  | { readonly status: "not_gzip" }
  /** `mayGrowTo` said so. */
  | { readonly status: "no_room" };

/** The client went away before its request was whole. Nothing is wrong here. */
export class ClientClosedError extends Error {
  override readonly name = "ClientClosedError";
}

export interface ReadBodyOptions {
  readonly isGzipped: boolean;
  /** As they come over the wire. @default MAX_BODY_BYTES */
  readonly maxBytes?: number;
  /** After decompression. @default MAX_DECOMPRESSED_BYTES */
  readonly maxUnpackedBytes?: number;
  /** Whether there is room for so many bytes, unpacked. @default always */
  readonly mayGrowTo?: (bytes: number) => boolean;
}

/**
 * Reads a request body within both limits, decompressing as it comes: a bomb stops at the limit,
 * not after it has been unpacked.
 * @throws ClientClosedError when the client goes away
 */
export function readBody(
  request: Readable,
  {
    isGzipped,
    maxBytes = MAX_BODY_BYTES,
    maxUnpackedBytes = MAX_DECOMPRESSED_BYTES,
    mayGrowTo = () => true,
  }: ReadBodyOptions,
): Promise<BodyResult> {
  const gunzip = isGzipped ? createGunzip() : undefined;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let rawBytes = 0;
    let bytes = 0;

    const settle = (result: BodyResult): void => {
      request.off("data", onRaw);
      request.off("end", onRawEnd);
      request.resume(); // the rest is not kept, the server drains or cuts it
      gunzip?.destroy();
      resolve(result);
    };
    const keep = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxUnpackedBytes) {
        settle({ status: "too_large", maxBytes: maxUnpackedBytes });
      } else if (!mayGrowTo(bytes)) settle({ status: "no_room" });
      else chunks.push(chunk);
    };
    const onRaw = (chunk: Buffer): void => {
      rawBytes += chunk.length;
      if (rawBytes > maxBytes) settle({ status: "too_large", maxBytes });
      else if (gunzip === undefined) keep(chunk);
      else if (!gunzip.write(chunk)) {
        request.pause();
        gunzip.once("drain", () => request.resume());
      }
    };
    const onRawEnd = (): void => {
      if (gunzip === undefined) settle({ status: "read", body: Buffer.concat(chunks) });
      else gunzip.end();
    };

    request.on("data", onRaw);
    request.on("end", onRawEnd);
    const onGone = (cause?: Error): void => {
      gunzip?.destroy();
      reject(new ClientClosedError("The client closed the connection", { cause }));
    };
    request.once("error", onGone);
    request.once("close", () => {
      if (!request.readableEnded) onGone();
    });
    gunzip?.on("data", keep);
    gunzip?.on("end", () => settle({ status: "read", body: Buffer.concat(chunks) }));
    gunzip?.on("error", () => settle({ status: "not_gzip" }));
  });
}
