/** Langfuse's SDK on a tracer provider of its own, as its documentation sets it up. */

import { LangfuseSpanProcessor } from "@langfuse/otel";
import {
  observe,
  propagateAttributes,
  startActiveObservation,
  startObservation,
} from "@langfuse/tracing";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { MODEL, USAGE } from "../lib/model.mjs";

export async function start({ url, enabled }) {
  const processor = new LangfuseSpanProcessor({
    baseUrl: url,
    publicKey: "pk-bench",
    secretKey: "sk-bench",
  });
  // Without a provider nothing is recorded: the only way to switch it off.
  if (enabled) new NodeTracerProvider({ spanProcessors: [processor] }).register();

  async function retrieve() {}
  async function generate(generation, { messages, answer }) {
    generation.update({ model: MODEL, input: messages, output: answer, usageDetails: USAGE });
    return answer;
  }

  return {
    handle: (conversation) =>
      propagateAttributes({ sessionId: conversation.session, userId: conversation.user }, () =>
        startActiveObservation("handle-message", async () => {
          await startActiveObservation("retrieve", retrieve);
          return startActiveObservation(
            "generate",
            (generation) => generate(generation, conversation),
            { asType: "generation" },
          );
        }),
      ),
    observe: (work) => observe(work, { name: "step" }),
    withRoot: (work) => startActiveObservation("root", work),
    record: (text) => startObservation("record", { input: text }).end(),
    open() {
      const root = startObservation("open");
      root.startObservation("child").end();
      return () => root.end();
    },
    flush: () => processor.forceFlush(),
  };
}
