/** The floor's transport: one request at a time on one connection. */

import { Agent, request } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

export function createFloorSender(address, isCompressed) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const url = new URL(address);
  let last = Promise.resolve();

  async function post(body) {
    const payload = isCompressed ? await compress(body, { level: 1 }) : body;
    const headers = {
      "content-type": "application/x-protobuf",
      "content-length": payload.length,
      ...(isCompressed ? { "content-encoding": "gzip" } : {}),
    };
    await new Promise((resolve, reject) => {
      request(url, { method: "POST", agent, headers }, (response) => {
        response.resume().once("end", resolve);
      })
        .once("error", reject)
        .end(payload);
    });
  }

  return {
    /** @param onSent - called when the body is no longer needed */
    send(body, onSent) {
      last = last.then(() => post(body)).then(onSent);
    },
    idle: () => last,
  };
}
