/** The three examples of the design, as they stand there, with what they call around them. */

import { getClient, observe, startAsCurrentGeneration, updateCurrentTrace } from "playhead";

interface Body {
  readonly sessionId: string;
  readonly question: string;
}

const client = getClient();

const findDocuments = observe(async function findDocuments(question: string) {
  return [`A document about ${question}`];
});

const answer = observe(async function answer({ question }: Body) {
  const documents = await findDocuments(question);
  return startAsCurrentGeneration({ name: "answer-generation", model: "gpt-4o" }, async () =>
    documents.join("\n"),
  );
});

async function callModel(): Promise<string> {
  return "Hello!";
}

const processRequest = observe(async function processRequest(body: Body) {
  updateCurrentTrace({ sessionId: body.sessionId }); // every span of this trace carries it, the ones already ended too
  return answer(body);
});

await processRequest({ sessionId: "chat-session-123", question: "sessions" });

await client.startAsCurrentSpan({ name: "process-chat-message" }, async (root) => {
  root.updateTrace({ sessionId: "chat-session-123" });
  await root.startAsCurrentGeneration(
    { name: "generate-response", model: "gpt-4o" },
    async (generation) => {
      generation.update({ output: await callModel() });
    },
  );
});

await client.startAsCurrentSpan("another-operation", async () => {
  client.updateCurrentTrace({ sessionId: "chat-session-123" });
});

console.log(JSON.stringify(await client.flush()));
