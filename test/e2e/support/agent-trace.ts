import { isoTime, type SentSpan } from "./send-spans";

export const STACK = [
  "ToolError: the index is closed",
  "    at search (tools.ts:10:3)",
  "Caused by: TypeError: fetch failed",
  "    at node:internal/deps/undici:1:1",
].join("\n");

const SESSION = { "session.id": "session-1", "user.id": "ada" };

function generation(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    ...SESSION,
    "langfuse.observation.type": "generation",
    "langfuse.observation.model.name": "gpt-4o",
    ...fields,
  };
}

/**
 * An agent that plans, searches, plans again, fails at a search, and answers: seven observations
 * over four seconds.
 */
export const AGENT_TRACE: readonly SentSpan[] = [
  {
    id: "request",
    name: "handle-request",
    startMs: 0,
    endMs: 4_000,
    attributes: {
      ...SESSION,
      "langfuse.trace.name": "support request",
      "langfuse.trace.metadata.plan": "pro",
      "langfuse.observation.input": "Where is my order?",
      "langfuse.observation.output": "On its way.",
    },
  },
  {
    id: "agent",
    parentId: "request",
    name: "support-agent",
    startMs: 50,
    endMs: 3_900,
    attributes: { ...SESSION, "langfuse.observation.type": "agent" },
  },
  {
    id: "plan-1",
    parentId: "agent",
    name: "plan",
    startMs: 100,
    endMs: 900,
    attributes: generation({
      "langfuse.observation.usage_details": '{"input":100,"output":20}',
      "langfuse.observation.cost_details": '{"input":0.01,"output":0.02,"total":0.03}',
    }),
  },
  {
    id: "search-1",
    parentId: "agent",
    name: "search",
    startMs: 950,
    endMs: 1_400,
    attributes: { ...SESSION, "langfuse.observation.type": "tool" },
  },
  {
    id: "plan-2",
    parentId: "agent",
    name: "plan",
    startMs: 1_450,
    endMs: 2_200,
    attributes: generation({ "langfuse.observation.usage_details": '{"input":150,"output":30}' }),
  },
  {
    id: "search-2",
    parentId: "agent",
    name: "search",
    startMs: 2_250,
    endMs: 2_600,
    attributes: { ...SESSION, "langfuse.observation.type": "tool" },
    stack: STACK,
  },
  {
    id: "answer",
    parentId: "agent",
    name: "answer",
    startMs: 3_000,
    endMs: 3_800,
    attributes: generation({
      "langfuse.observation.input": JSON.stringify([
        { role: "system", content: "Be brief." },
        { role: "user", content: "Where is my order?" },
      ]),
      "langfuse.observation.output": JSON.stringify({ role: "assistant", content: "On its way." }),
      "langfuse.observation.usage_details":
        '{"input":200,"input_cached":120,"output":40,"total":360}',
      "langfuse.observation.cost_details": '{"input":0.1,"output":0.2,"total":0.3}',
      "langfuse.observation.model.parameters": '{"temperature":0.2}',
      "langfuse.observation.metadata.attempt": "first",
      "langfuse.observation.completion_start_time": isoTime(3_250),
    }),
  },
];
