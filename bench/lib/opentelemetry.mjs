/** The OpenTelemetry SDK by hand, with the attributes that Langfuse reads; the exporter is given. */

import { context, trace } from "@opentelemetry/api";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { MODEL, USAGE } from "./model.mjs";

export function startOpenTelemetry(exporter, enabled) {
  const processor = new BatchSpanProcessor(exporter);
  if (enabled) new NodeTracerProvider({ spanProcessors: [processor] }).register();
  const tracer = trace.getTracer("bench");

  function describe(span, { session, user }) {
    span.setAttribute("session.id", session);
    span.setAttribute("user.id", user);
  }

  async function retrieve(span, conversation) {
    describe(span, conversation);
    span.end();
  }

  async function generate(span, conversation) {
    describe(span, conversation);
    span.setAttribute("langfuse.observation.type", "generation");
    span.setAttribute("langfuse.observation.model.name", MODEL);
    span.setAttribute("langfuse.observation.input", JSON.stringify(conversation.messages));
    span.setAttribute("langfuse.observation.output", conversation.answer);
    span.setAttribute("langfuse.observation.usage_details", JSON.stringify(USAGE));
    span.end();
    return conversation.answer;
  }

  return {
    handle: (conversation) =>
      tracer.startActiveSpan("handle-message", async (root) => {
        describe(root, conversation);
        await tracer.startActiveSpan("retrieve", (span) => retrieve(span, conversation));
        const answer = await tracer.startActiveSpan("generate", (span) =>
          generate(span, conversation),
        );
        root.end();
        return answer;
      }),
    observe: (work) =>
      function observed(...given) {
        return tracer.startActiveSpan("step", (span) => {
          const result = work(...given);
          if (typeof result?.then !== "function") {
            span.end();
            return result;
          }
          return result.then((value) => {
            span.end();
            return value;
          });
        });
      },
    withRoot: (work) =>
      tracer.startActiveSpan("root", async (root) => {
        const result = await work();
        root.end();
        return result;
      }),
    record(text) {
      const span = tracer.startSpan("record");
      span.setAttribute("langfuse.observation.input", text);
      span.end();
    },
    open() {
      const root = tracer.startSpan("open");
      tracer.startSpan("child", {}, trace.setSpan(context.active(), root)).end();
      return () => root.end();
    },
    flush: () => processor.forceFlush(),
  };
}
