/** LangSmith's `traceable`, with its background batches. */

import { Client } from "langsmith";
import { traceable } from "langsmith/traceable";
import { MODEL, USAGE } from "../lib/model.mjs";

export async function start({ url, enabled }) {
  const client = new Client({ apiUrl: url, apiKey: "bench" });
  const options = { client, tracingEnabled: enabled };
  const wrap = (work, name, more) => traceable(work, { ...options, name, ...more });

  const retrieve = wrap(async () => undefined, "retrieve");
  const generations = new Map();
  const record = wrap((text) => void text, "record");

  /** Session and user are metadata of a run, which is given when a function is wrapped. */
  function handler({ session, user }) {
    const key = `${session} ${user}`;
    if (!generations.has(key)) {
      const metadata = { session_id: session, user_id: user };
      const generate = wrap(
        async ({ answer }) => ({ content: answer, usage_metadata: USAGE_METADATA }),
        "generate",
        {
          run_type: "llm",
          metadata: { ...metadata, ls_model_name: MODEL },
          processInputs: ({ messages }) => ({ messages }),
        },
      );
      const handle = async (conversation) => {
        await retrieve();
        return (await generate(conversation)).content;
      };
      const hidden = { processInputs: () => ({}), processOutputs: () => ({}) };
      generations.set(key, wrap(handle, "handle-message", { metadata, ...hidden }));
    }
    return generations.get(key);
  }

  return {
    handle: (conversation) => handler(conversation)(conversation),
    observe: (work) => wrap(work, "step"),
    withRoot: (work) => wrap(work, "root")(),
    record,
    flush: () => client.awaitPendingTraceBatches(),
  };
}

const USAGE_METADATA = {
  input_tokens: USAGE.input,
  output_tokens: USAGE.output,
  total_tokens: USAGE.total,
};
