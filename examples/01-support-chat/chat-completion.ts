import type OpenAI from "openai";
import { startAsCurrentGeneration } from "playhead";
import { tools } from "./tools";

export type Message = OpenAI.ChatCompletionMessageParam;
type AssistantMessage = OpenAI.ChatCompletionAssistantMessageParam;
type ToolCall = OpenAI.ChatCompletionMessageFunctionToolCall;

/** One streamed call of the model, traced as a generation. */
export async function completeChat(
  openai: OpenAI,
  model: string,
  messages: Message[],
): Promise<AssistantMessage & { tool_calls?: ToolCall[] }> {
  const parameters = { temperature: 0.2, max_completion_tokens: 600 };
  const start = { name: "chat-completion", model, modelParameters: parameters, input: messages };

  return startAsCurrentGeneration(start, async (generation) => {
    const stream = await openai.chat.completions.create({
      model,
      messages,
      tools,
      ...parameters,
      stream: true,
      stream_options: { include_usage: true },
    });

    let content = "";
    const calls: ToolCall[] = [];
    let completionStartTime: Date | undefined;
    for await (const { choices, usage } of stream) {
      completionStartTime ??= new Date();
      const delta = choices[0]?.delta;
      content += delta?.content ?? "";
      for (const piece of delta?.tool_calls ?? []) mergeCall(calls, piece);
      if (usage) {
        const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = usage;
        generation.update({ usageDetails: { input, output, total } });
      }
    }

    const answer = {
      role: "assistant" as const,
      content,
      ...(calls.length > 0 && { tool_calls: calls }),
    };
    generation.update({ output: answer, completionStartTime });
    return answer;
  });
}

/** The pieces of a tool call arrive one by one: first its id and name, then its arguments. */
function mergeCall(
  calls: ToolCall[],
  piece: OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall,
): void {
  calls[piece.index] ??= { id: "", type: "function", function: { name: "", arguments: "" } };
  const call = calls[piece.index] as ToolCall; // set on the line above
  call.id += piece.id ?? "";
  call.function.name += piece.function?.name ?? "";
  call.function.arguments += piece.function?.arguments ?? "";
}
