/** Traceloop's SDK (OpenLLMetry), with no instrumentation of other modules. */

import {
  forceFlush,
  getTraceloopTracer,
  initialize,
  withLLMCall,
  withTask,
  withWorkflow,
} from "@traceloop/node-server-sdk";
import { MODEL, USAGE } from "../lib/model.mjs";

export async function start({ url, enabled }) {
  initialize({
    apiKey: "bench",
    baseUrl: url,
    tracingEnabled: enabled,
    silenceInitializationMessage: true,
    traceloopSyncEnabled: false,
    instrumentModules: {},
  });

  async function retrieve() {}
  async function generate(span, { messages, answer }) {
    span.reportRequest({ model: MODEL, messages });
    span.reportResponse({
      model: MODEL,
      usage: USAGE_TOKENS,
      completions: [{ finish_reason: "stop", message: { role: "assistant", content: answer } }],
    });
    return answer;
  }

  return {
    handle(conversation) {
      const { session, user } = conversation;
      const associationProperties = { session_id: session, user_id: user };
      const root = { name: "handle-message", associationProperties, traceContent: false };
      return withWorkflow(root, async () => {
        await withTask({ name: "retrieve" }, retrieve);
        return withLLMCall({ vendor: "openai", type: "chat" }, ({ span }) =>
          generate(span, conversation),
        );
      });
    },
    observe:
      (work) =>
      (...given) =>
        withTask({ name: "step" }, work, ...given),
    withRoot: (work) => withWorkflow({ name: "root" }, work),
    record(text) {
      const span = getTraceloopTracer().startSpan("record");
      span.setAttribute("traceloop.entity.input", text);
      span.end();
    },
    flush: () => forceFlush(),
  };
}

const USAGE_TOKENS = {
  prompt_tokens: USAGE.input,
  completion_tokens: USAGE.output,
  total_tokens: USAGE.total,
};
