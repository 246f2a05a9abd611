import { aiSdkText, createAiSdkAssembler } from "./ai-sdk";
import { anthropicText, createAnthropicAssembler } from "./anthropic";
import type { Assembler } from "./assembler";
import { TextBudget } from "./bounded-text";
import { fieldsOf, isFields } from "./fields";
import { createOpenAiChatAssembler, openAiChatText } from "./openai-chat";
import { createOpenAiResponsesAssembler, openAiResponsesText } from "./openai-responses";

const CREATE = [
  createOpenAiChatAssembler,
  createOpenAiResponsesAssembler,
  createAnthropicAssembler,
  createAiSdkAssembler,
] as const;

/**
 * One assembler per shape that a model SDK streams in.
 * @param maxBytes - of the JSON of a message's texts
 */
export function createAssemblers(maxBytes: number): Assembler[] {
  return CREATE.map((create) => create(new TextBudget(maxBytes)));
}

/** The text in a chunk that shows in the answer; "" for what holds none. Reasoning does not show. */
export function chunkText(chunk: unknown): string {
  if (typeof chunk === "string") return chunk;
  if (!isFields(chunk)) return "";
  if (Array.isArray(chunk["choices"])) return openAiChatText(chunk);
  return openAiResponsesText(chunk) || anthropicText(chunk) || aiSdkText(chunk);
}

/** Chunks that come before the model has said anything. */
const PRELUDE: ReadonlySet<unknown> = new Set([
  ...["response.created", "response.queued", "response.in_progress"], // OpenAI responses
  ...["message_start", "ping"], // Anthropic
  ...["start", "start-step", "step-start", "stream-start", "response-metadata"], // AI SDK
]);

/** Whether a chunk only announces the answer. */
export function isPrelude(chunk: unknown): boolean {
  return isFields(chunk) && PRELUDE.has(chunk["type"]);
}

/** The error that a chunk tells of, where a stream goes on to say so instead of failing. */
export function chunkError(chunk: unknown): unknown {
  if (!isFields(chunk)) return undefined;
  if (chunk["type"] === "error") return chunk["error"] ?? chunk["message"];
  if (chunk["type"] === "response.failed") return fieldsOf(chunk["response"])["error"];
  return undefined;
}
