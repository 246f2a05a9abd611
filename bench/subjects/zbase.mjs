/** This package, as it is built in dist/, with its defaults. */

import { Playhead } from "../../artifacts/base/index.js";
import { MODEL, USAGE } from "../lib/model.mjs";

export async function start({ url, enabled, gzip }) {
  const client = new Playhead({
    baseUrl: url,
    publicKey: "pk-bench",
    secretKey: "sk-bench",
    enabled,
    compression: gzip ? "gzip" : "none",
    logLevel: "error",
  });

  async function retrieve() {}
  async function generate(generation, answer) {
    generation.update({ output: answer, usageDetails: USAGE });
    return answer;
  }

  return {
    handle: ({ session, user, messages, answer }) =>
      client.startAsCurrentSpan("handle-message", async (root) => {
        root.updateTrace({ sessionId: session, userId: user });
        await client.startAsCurrentSpan("retrieve", retrieve);
        return client.startAsCurrentGeneration(
          { name: "generate", model: MODEL, input: messages },
          (generation) => generate(generation, answer),
        );
      }),
    observe: (work) => client.observe(work, { name: "step" }),
    withRoot: (work) => client.startAsCurrentSpan("root", work),
    record: (text) => client.startSpan({ name: "record", input: text }).end(),
    open() {
      const root = client.startSpan("open");
      root.startSpan("child").end();
      return () => root.end();
    },
    flush: () => client.flush({ timeoutMs: 60_000 }),
  };
}
