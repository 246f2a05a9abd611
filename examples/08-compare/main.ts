/**
 * The same questions before and after a change: the model gets the best passage of the documentation,
 * then the best four. Each run is a session, and the studio puts the two side by side.
 */

import OpenAI from "openai";
import { flush, observe, updateCurrentTrace } from "playhead";
import { completeChat } from "../01-support-chat/chat-completion";
import { startModelServer } from "../01-support-chat/model-server";
import { searchDocs } from "../01-support-chat/retrieval";

const QUESTIONS = [
  "How do I install Playhead?",
  "How do I start the studio?",
  "What happens to spans while the endpoint is down?",
];
const RUNS = [
  { sessionId: "one-passage", passageCount: 1 },
  { sessionId: "four-passages", passageCount: 4 },
];

const { OPENAI_API_KEY, OPENAI_MODEL } = process.env;
const server = OPENAI_API_KEY ? undefined : await startModelServer();
const openai = new OpenAI(server && { baseURL: server.baseUrl, apiKey: "none needed" });
const model = OPENAI_MODEL ?? (server ? "extractive-support" : "gpt-4o-mini");

const answer = observe(async function answer(question: string, run: (typeof RUNS)[number]) {
  updateCurrentTrace({ sessionId: run.sessionId, input: question });
  const passages = (await searchDocs(question)).slice(0, run.passageCount);
  const documents = passages.map(
    ({ title, text }) => `<document title="${title}">\n${text}\n</document>`,
  );
  const { content } = await completeChat(openai, model, [
    { role: "system", content: `Answer from the documents only.\n\n${documents.join("\n\n")}` },
    { role: "user", content: question },
  ]);
  updateCurrentTrace({ output: content });
  return String(content);
});

for (const run of RUNS) {
  for (const question of QUESTIONS) {
    console.log(`\n${run.sessionId}, ${question}\n${await answer(question, run)}`);
  }
}
await server?.close();

const { isAllDelivered } = await flush();
console.log("\nIn the studio: /compare?a=one-passage&b=four-passages");
process.exitCode = isAllDelivered ? 0 : 1;
