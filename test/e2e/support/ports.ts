import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

/** An address where nothing listens: the port was free a moment ago. */
export async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP, so it is one
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
