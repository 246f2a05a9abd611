/** Braintrust's logger and `traced`. */

import { flush, initLogger, startSpan, traced, wrapTraced } from "braintrust";
import { MODEL, USAGE } from "../lib/model.mjs";

export async function start({ url, enabled }) {
  // Without a logger its spans are no-ops: the only way to switch it off.
  if (enabled) initLogger({ projectName: "bench", apiKey: "bench", appUrl: url });

  async function retrieve() {}
  async function generate(span, { messages, answer }) {
    span.log({
      input: messages,
      output: answer,
      metadata: { model: MODEL },
      metrics: { prompt_tokens: USAGE.input, completion_tokens: USAGE.output, tokens: USAGE.total },
    });
    return answer;
  }

  return {
    handle: (conversation) =>
      traced(
        async (root) => {
          const { session, user } = conversation;
          root.log({ metadata: { session_id: session, user_id: user } });
          await traced(retrieve, { name: "retrieve" });
          return traced((span) => generate(span, conversation), { name: "generate", type: "llm" });
        },
        { name: "handle-message" },
      ),
    observe: (work) => wrapTraced(work, { name: "step" }),
    withRoot: (work) => traced(work, { name: "root" }),
    record: (text) => void startSpan({ name: "record", event: { input: text } }).end(),
    open() {
      const root = startSpan({ name: "open" });
      root.startSpan({ name: "child" }).end();
      return () => root.end();
    },
    flush: () => flush(),
  };
}
