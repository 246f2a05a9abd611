import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const WORDS = ["A", " trace", " is", " one", " request;", " a", " session", " is", " many."];

/**
 * A model that answers always the same, as OpenAI's API streams it, so that the example runs without
 * a key: 40 ms until the first word, 10 ms between two.
 * @returns what `baseURL` of the client is, and how to stop it
 */
export async function startModelServer(): Promise<{ baseUrl: string; close(): void }> {
  const server = createServer(async (_request, response) => {
    const send = (fields: object): void => {
      const chunk = { id: "1", object: "chat.completion.chunk", model: "tiny-1", ...fields };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    };
    response.writeHead(200, { "content-type": "text/event-stream" });
    await delay(40);
    for (const content of WORDS) {
      send({ choices: [{ index: 0, delta: { content } }] });
      await delay(10);
    }
    send({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 } });
    response.end("data: [DONE]\n\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
