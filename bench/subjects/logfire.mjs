/**
 * Pydantic's Logfire, with no instrumentation of other modules. It sends a span when it starts and
 * again when it ends, under another id: what arrives counts twice.
 */

import { configure, forceFlush, instrument, span, startSpan } from "@pydantic/logfire-node";
import { MODEL, USAGE } from "../lib/model.mjs";

export async function start({ url, enabled }) {
  // Where it is not configured nothing is recorded, which costs less than `sendToLogfire: false`.
  if (enabled) {
    configure({
      token: "bench",
      advanced: { baseUrl: url },
      console: false,
      metrics: false,
      nodeAutoInstrumentations: {},
      serviceName: "bench",
      scrubbing: false, // it would take the session id for a secret
    });
  }

  async function retrieve() {}
  async function generate(current, { answer }) {
    current.setAttribute("gen_ai.completion", answer);
    return answer;
  }

  return {
    handle(conversation) {
      const about = { "session.id": conversation.session, "user.id": conversation.user };
      return span("handle-message", about, {}, async () => {
        await span("retrieve", {}, {}, retrieve);
        const request = {
          messages: conversation.messages,
          "gen_ai.request.model": MODEL,
          "gen_ai.usage.input_tokens": USAGE.input,
          "gen_ai.usage.output_tokens": USAGE.output,
        };
        return span("generate", request, {}, (current) => generate(current, conversation));
      });
    },
    observe: (work) => instrument(work, { message: "step" }),
    withRoot: (work) => span("root", {}, {}, work),
    record: (text) => startSpan("record", { input: text }).end(),
    flush: () => forceFlush(),
  };
}
