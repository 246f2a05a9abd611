import type OpenAI from "openai";
import { getCurrentTraceId, observe, updateCurrentTrace } from "playhead";
import { readAttachment } from "./attachments";
import { authenticate } from "./auth";
import { completeChat, type Message } from "./chat-completion";
import type { Passage } from "./documents";
import { searchDocs } from "./retrieval";
import { runTool } from "./tools";

export interface ChatRequest {
  readonly token: string;
  readonly message: string;
  readonly attachment?: string | undefined;
}

export interface ChatReply {
  readonly answer: string;
  /** Lets the user's feedback find the answer later. */
  readonly traceId: string | undefined;
}

const MAX_MODEL_CALLS = 4;
const histories = new Map<string, Message[]>();

export function createAssistant(openai: OpenAI, model: string) {
  /** One message of a user, answered. One call is one trace: one turn of the session. */
  return observe(
    async function handleMessage({ token, message, attachment }: ChatRequest): Promise<ChatReply> {
      updateCurrentTrace({ name: "support-turn", input: message });

      const { userId, plan, conversationId } = await authenticate(token);
      // Only now is it known whose conversation this is. `authenticate` has ended already,
      // and carries the session id all the same, like every other span of this trace.
      updateCurrentTrace({ sessionId: conversationId, userId, tags: ["support", plan] });

      const file = attachment === undefined ? "" : `\n\n${await readAttachment(attachment)}`;
      const question: Message = { role: "user", content: message + file };
      const passages = await searchDocs(message);

      const history = histories.get(conversationId) ?? [];
      const answer = await answerWithTools([instructions(passages), ...history, question]);
      histories.set(conversationId, [...history, question, { role: "assistant", content: answer }]);

      updateCurrentTrace({ output: answer });
      return { answer, traceId: getCurrentTraceId() };
    },
    { asType: "agent", captureInput: false, captureOutput: false },
  );

  async function answerWithTools(messages: Message[]): Promise<string> {
    for (let calls = 0; calls < MAX_MODEL_CALLS; calls++) {
      const answer = await completeChat(openai, model, messages);
      if (!answer.tool_calls) return String(answer.content);
      messages.push(answer);
      for (const { id, function: call } of answer.tool_calls) {
        messages.push({ role: "tool", tool_call_id: id, content: runTool(call) });
      }
    }
    throw new Error(`No answer after ${MAX_MODEL_CALLS} model calls.`);
  }
}

function instructions(passages: Passage[]): Message {
  const documents = passages.map(
    ({ title, text }) => `<document title="${title}">\n${text}\n</document>`,
  );
  const content = `You are the support assistant of Playhead, a tracing library for LLM applications.
Answer in a few sentences, from the documents and the tools only, and name the documents you used.
If they do not hold the answer, say that you do not know.

${documents.join("\n\n")}`;
  return { role: "system", content };
}
