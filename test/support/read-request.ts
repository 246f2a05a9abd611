import { once } from "node:events";
import type { Socket } from "node:net";

/** The body of the one request that comes over a socket. @param start - what has come of it */
export async function readRequest(socket: Socket, start: Buffer): Promise<Buffer> {
  const END_OF_HEAD = "\r\n\r\n";
  let bytes = start;
  const contentLength = Number(/content-length: (\d+)/.exec(bytes.toString("latin1"))?.[1]);
  const headLength = bytes.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
  socket.resume();
  while (bytes.length < headLength + contentLength) {
    const [chunk] = (await once(socket, "data")) as [Buffer]; // what the event carries
    bytes = Buffer.concat([bytes, chunk]);
  }
  return bytes.subarray(headLength);
}
