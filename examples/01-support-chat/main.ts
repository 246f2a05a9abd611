/** Two users talk to the support assistant at the same time; every message becomes a trace. */

import OpenAI from "openai";
import { createScore, flush } from "playhead";
import { createAssistant } from "./assistant";
import { issueToken } from "./auth";
import { startModelServer } from "./model-server";
import { type User, users } from "./users";

const { OPENAI_API_KEY, OPENAI_MODEL } = process.env;
const server = OPENAI_API_KEY ? undefined : await startModelServer();
const openai = new OpenAI(server && { baseURL: server.baseUrl, apiKey: "none needed" });
const model = OPENAI_MODEL ?? (server ? "extractive-support" : "gpt-4o-mini");

const handleMessage = createAssistant(openai, model);
const traceIds: (string | undefined)[] = [];

async function converse({ caller, lines }: User): Promise<void> {
  const token = issueToken(caller);
  for (const { message, attachment, feedback } of lines) {
    try {
      const { answer, traceId } = await handleMessage({ token, message, attachment });
      console.log(`\n${caller.userId}: ${message}\nassistant: ${answer}`);
      traceIds.push(traceId);
      if (feedback) {
        createScore({ traceId, name: "user-feedback", dataType: "BOOLEAN", ...feedback });
      }
    } catch (error) {
      console.log(`\n${caller.userId}: ${message}\nfailed: ${error}`);
    }
  }
}

await Promise.all(users.map(converse));
await server?.close();

const report = await flush();
console.log("\nDelivery report:", report);
process.send?.({ report, traceIds }); // for a parent process that wants to check
process.exitCode = report.isAllDelivered ? 0 : 1;
