/** Opik's `track`. The trace it makes besides the outermost span is not counted as a span. */

import { MODEL, USAGE } from "../lib/model.mjs";

export async function start({ url, enabled }) {
  if (!enabled) throw new Error("has no switch that turns tracing off");
  // Read when the package is loaded.
  Object.assign(process.env, {
    OPIK_API_KEY: "bench",
    OPIK_URL_OVERRIDE: url,
    OPIK_WORKSPACE: "bench",
    OPIK_PROJECT_NAME: "bench",
  });
  const { disableLogger, flushAll, getTrackContext, track } = await import("opik");
  disableLogger();

  const retrieve = track({ name: "retrieve" }, async () => {});
  /** Beside the arguments and results, since those are recorded. */
  const answers = new WeakMap();
  const generate = track({ name: "generate", type: "llm" }, async (messages) => {
    getTrackContext().span.update({ model: MODEL, usage: USAGE_TOKENS });
    return answers.get(messages);
  });
  const handle = track({ name: "handle-message" }, async (read) => {
    const { session, user, messages, answer } = read();
    answers.set(messages, answer);
    getTrackContext().trace.update({ threadId: session, metadata: { user_id: user } });
    await retrieve();
    await generate(messages);
  });
  const record = track({ name: "record" }, (text) => void text);

  return {
    // Of a function nothing is recorded: the messages are the generation's input.
    handle: (conversation) => handle(() => conversation),
    observe: (work) => track({ name: "step" }, work),
    withRoot: (work) => track({ name: "root" }, work)(),
    record,
    flush: () => flushAll(),
  };
}

const USAGE_TOKENS = {
  prompt_tokens: USAGE.input,
  completion_tokens: USAGE.output,
  total_tokens: USAGE.total,
};
