/** An application that is traced with Langfuse's own packages and knows nothing of this one. */

import { LangfuseSpanProcessor } from "@langfuse/otel";
import { propagateAttributes, startActiveObservation } from "@langfuse/tracing";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const processor = new LangfuseSpanProcessor(); // address and keys from the environment
const provider = new NodeTracerProvider({ spanProcessors: [processor] });
provider.register(); // with a context manager on AsyncLocalStorage

await propagateAttributes({ sessionId: "official-session", userId: "user-7" }, () =>
  startActiveObservation("handle-message", async (root) => {
    root.update({ input: { question: "What is a trace?" } });
    await startActiveObservation(
      "generate-answer",
      async (generation) => {
        generation.update({
          model: "gpt-4o",
          input: [{ role: "user", content: "What is a trace?" }],
          output: { role: "assistant", content: "One request through a system." },
          usageDetails: { input: 11, output: 7, total: 18 },
        });
      },
      { asType: "generation" },
    );
    root.update({ output: "One request through a system." });
  }),
);

await processor.forceFlush();
await provider.shutdown();
