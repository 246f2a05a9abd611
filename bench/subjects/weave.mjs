/** Weave's `op`. An op is always asynchronous, its functions that are not included. */

process.env.WANDB_API_KEY = "bench";

import { init, op, withAttributes } from "weave";
import { MODEL } from "../lib/model.mjs";

export async function start({ url, enabled }) {
  process.env.WF_TRACE_SERVER_URL = url;
  const client = enabled ? await init("bench/bench") : undefined;

  const retrieve = op(async () => {}, { name: "retrieve" });
  /** Beside the arguments and results, since those are recorded. */
  const answers = new WeakMap();
  const generate = op(async (messages) => answers.get(messages), {
    name: "generate",
    summarize: () => ({ usage: { [MODEL]: { prompt_tokens: 512, completion_tokens: 256 } } }),
  });
  let conversation;
  const handle = op(
    async () => {
      const { messages, answer } = conversation;
      answers.set(messages, answer);
      await retrieve();
      await generate(messages);
    },
    { name: "handle-message" },
  );
  const record = op((text) => void text, { name: "record" });

  return {
    handle(given) {
      conversation = given;
      const attributes = { session_id: given.session, user_id: given.user };
      return withAttributes(attributes, () => handle());
    },
    observe: (work) => op(work, { name: "step" }),
    withRoot: (work) => op(work, { name: "root" })(),
    record,
    flush: () => client?.waitForBatchProcessing(),
  };
}
