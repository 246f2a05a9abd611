/**
 * A streamed answer, observed to its end: the stream stays the client's own, and the observation has
 * the joined text, the model, the tokens and the time to the first of them.
 */

import OpenAI from "openai";
import { flush, observe, updateCurrentTrace } from "playhead";
import { startModelServer } from "./model-server";

const server = await startModelServer();
const openai = new OpenAI({ apiKey: "none", baseURL: server.baseUrl });

// The model call ends when its stream has been read, not when it was opened.
const askModel = observe(
  (question: string) =>
    openai.chat.completions.create({
      model: "tiny",
      messages: [{ role: "user", content: question }],
      stream: true,
      stream_options: { include_usage: true }, // or no tokens are sent
    }),
  { name: "ask-model", asType: "generation" },
);

// Generators are followed, too: what they start, also later on, is inside of them.
const answer = observe(async function* answer(question: string) {
  updateCurrentTrace({ sessionId: "streaming-1" });
  const stream = await askModel(question);
  for await (const chunk of stream) yield chunk.choices[0]?.delta.content ?? "";
});

const startedAt = performance.now();
let firstMs: number | undefined;
for await (const text of answer("What is a session?")) {
  firstMs ??= performance.now() - startedAt;
  process.stdout.write(text);
}
console.log(`\nfirst token after ${Math.round(firstMs ?? 0)} ms`);

// Who has read enough may leave: it ends with what was read.
for await (const text of answer("And a trace?")) {
  process.stdout.write(text);
  if (text.endsWith(" request;")) break;
}

server.close();
const { delivered } = await flush();
console.log(`\n${delivered} spans delivered`);
