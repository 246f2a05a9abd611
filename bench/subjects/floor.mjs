/**
 * Floor (b), written by hand: AsyncLocalStorage, plain objects, OTLP protobuf written straight into
 * the batch, and one POST per 512 spans on one connection. The least that still delivers the same
 * content; no bounds, no retries, no masking, no late session, nothing that could go wrong.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { createFloorBatch } from "../lib/floor-batch.mjs";
import { createFloorSender } from "../lib/floor-sender.mjs";
import { MODEL } from "../lib/model.mjs";

const SPANS_PER_BATCH = 512;
const USAGE_TEXT = '{"input":512,"output":256,"total":768}';

/** Random words of 32 bits, by the page. */
const pool = new Uint32Array(1_024);
let poolIndex = pool.length;

function randomWord() {
  if (poolIndex === pool.length) {
    crypto.getRandomValues(pool);
    poolIndex = 0;
  }
  return pool[poolIndex++];
}

export async function start({ url, enabled, gzip }) {
  const storage = new AsyncLocalStorage();
  const sender = createFloorSender(`${url}/api/public/otel/v1/traces`, gzip);
  const free = [];
  let batch = createFloorBatch();

  function startSpan(name, parent) {
    return {
      name,
      type: "span",
      trace0: parent?.trace0 ?? randomWord(),
      trace1: parent?.trace1 ?? randomWord(),
      trace2: parent?.trace2 ?? randomWord(),
      trace3: parent?.trace3 ?? randomWord(),
      span0: randomWord(),
      span1: randomWord(),
      parent0: parent?.span0 ?? 0,
      parent1: parent?.span1 ?? 0,
      startMs: performance.now(),
      session: parent?.session,
      user: parent?.user,
      input: undefined,
      output: undefined,
      model: undefined,
      usage: undefined,
    };
  }

  function end(span) {
    batch.write(span, performance.now());
    if (batch.count === SPANS_PER_BATCH || batch.isLarge) send();
  }

  function send() {
    const { memory } = batch;
    sender.send(batch.finish(), () => free.push(memory));
    batch = createFloorBatch(free.pop());
  }

  async function retrieve(span) {
    end(span);
  }

  async function generate(span, { messages, answer }) {
    span.type = "generation";
    span.model = MODEL;
    span.input = JSON.stringify(messages);
    span.output = answer;
    span.usage = USAGE_TEXT;
    end(span);
    return answer;
  }

  async function handle(root, conversation) {
    root.session = conversation.session;
    root.user = conversation.user;
    const retrieval = startSpan("retrieve", storage.getStore());
    await storage.run(retrieval, retrieve, retrieval);
    const generation = startSpan("generate", storage.getStore());
    const answer = await storage.run(generation, generate, generation, conversation);
    end(root);
    return answer;
  }

  return {
    handle(conversation) {
      const root = startSpan("handle-message", undefined);
      return storage.run(root, handle, root, conversation);
    },
    observe(work) {
      if (!enabled) return work;
      return function observed(...given) {
        const span = startSpan("step", storage.getStore());
        const result = storage.run(span, work, ...given);
        if (typeof result?.then !== "function") {
          end(span);
          return result;
        }
        return result.then((value) => {
          end(span);
          return value;
        });
      };
    },
    async withRoot(work) {
      const root = startSpan("root", undefined);
      const result = await storage.run(root, work);
      end(root);
      return result;
    },
    record(text) {
      const span = startSpan("record", undefined);
      span.input = text;
      end(span);
    },
    open() {
      const root = startSpan("open", undefined);
      end(startSpan("child", root));
      return () => end(root);
    },
    flush() {
      if (batch.count > 0) send();
      return sender.idle();
    },
  };
}
