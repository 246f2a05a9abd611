/** Laminar's `observe`, over HTTP rather than gRPC so that the same sink takes it. */

import { Laminar, observe } from "@lmnr-ai/lmnr";
import { MODEL, USAGE } from "../lib/model.mjs";

export async function start({ url, enabled }) {
  const { hostname, port } = new URL(url);
  if (enabled) {
    Laminar.initialize({
      projectApiKey: "bench",
      baseUrl: `http://${hostname}`,
      httpPort: Number(port),
      forceHttp: true,
      instrumentModules: {},
    });
  }

  const quiet = { ignoreInput: true, ignoreOutput: true };
  async function retrieve() {}
  async function generate({ answer }) {
    Laminar.setSpanAttributes({
      "gen_ai.request.model": MODEL,
      "gen_ai.usage.input_tokens": USAGE.input,
      "gen_ai.usage.output_tokens": USAGE.output,
    });
    return answer;
  }

  return {
    handle(conversation) {
      const { session, user, messages } = conversation;
      const root = { name: "handle-message", sessionId: session, userId: user, ...quiet };
      return observe(root, async () => {
        await observe({ name: "retrieve" }, retrieve);
        const generation = { name: "generate", spanType: "LLM", input: messages };
        return observe(generation, generate, conversation);
      });
    },
    observe:
      (work) =>
      (...given) =>
        observe({ name: "step" }, work, ...given),
    withRoot: (work) => observe({ name: "root" }, work),
    record: (text) => Laminar.startSpan({ name: "record", input: text }).end(),
    flush: () => Laminar.flush(),
  };
}
