import { type Assembler, ENTRY_BYTES } from "./assembler";
import { BoundedText, type TextBudget } from "./bounded-text";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "./fields";

interface ToolCall {
  id: string;
  type: string;
  name: string;
  readonly input: BoundedText;
}

interface Choice {
  role: string;
  readonly content: BoundedText;
  readonly refusal: BoundedText;
  readonly reasoning: BoundedText;
  /** By the place they say they have; in pieces, several at a time. */
  readonly calls: Map<unknown, ToolCall>;
  lastCall: unknown;
  /** Of the older completions API: no message, just text. */
  isBareText: boolean;
}

/**
 * Chunks of OpenAI's chat completions API, of those that speak it, and of its older completions.
 * One choice gives its message, several `{ choices: [{ index, message }] }`.
 * Spec: https://platform.openai.com/docs/api-reference/chat-streaming
 */
export function createOpenAiChatAssembler(budget: TextBudget): Assembler {
  const choices = new Map<unknown, Choice>();
  let isCertain = false;
  let missingCount = 0;

  const entry = <Value>(
    entries: Map<unknown, Value>,
    key: unknown,
    create: () => Value,
  ): Value | undefined => {
    const known = entries.get(key);
    if (known !== undefined) return known;
    if (!budget.reserve(ENTRY_BYTES)) {
      missingCount += 1;
      return undefined;
    }
    const created = create();
    entries.set(key, created);
    return created;
  };

  const addCall = (choice: Choice, piece: Fields): void => {
    // Some servers leave the index out; then pieces without an id belong to the call before.
    const key = piece["index"] ?? (piece["id"] || choice.lastCall);
    choice.lastCall = key;
    const call = entry(choice.calls, key, () => createCall(budget));
    if (call === undefined) return;
    call.id ||= textOf(piece["id"]);
    const isCustom = isFields(piece["custom"]);
    if (isCustom) call.type = "custom";
    const named = fieldsOf(isCustom ? piece["custom"] : piece["function"]);
    call.name ||= textOf(named["name"]);
    call.input.append(textOf(isCustom ? named["input"] : named["arguments"]));
  };

  const addDelta = (choice: Choice, delta: Fields): void => {
    choice.role = textOf(delta["role"]) || choice.role;
    choice.content.append(contentText(delta["content"]));
    choice.refusal.append(textOf(delta["refusal"]));
    choice.reasoning.append(textOf(delta["reasoning_content"] ?? delta["reasoning"]));
    for (const piece of listOf(delta["tool_calls"])) addCall(choice, piece);
  };

  return {
    get isCertain() {
      return isCertain;
    },
    add(chunk) {
      if (!Array.isArray(chunk["choices"])) return false;
      for (const [position, part] of listOf(chunk["choices"]).entries()) {
        const isBareText = typeof part["text"] === "string";
        if (!isFields(part["delta"]) && !isBareText) continue;
        isCertain = true;
        const choice = entry(choices, part["index"] ?? position, () => createChoice(budget));
        if (choice === undefined) continue;
        choice.isBareText = isBareText;
        if (isBareText) choice.content.append(textOf(part["text"]));
        else addDelta(choice, fieldsOf(part["delta"]));
      }
      return true;
    },
    join() {
      const [first] = choices.values();
      if (choices.size === 1 && missingCount === 0 && first !== undefined) return joinChoice(first);
      const list = [...choices].map(([index, choice]) => ({ index, message: joinChoice(choice) }));
      return missingCount === 0 ? { choices: list } : { choices: list, "[cut]": missingCount };
    },
  };
}

/** The text of the first choice in a chunk, as a replay shows it; the others are alternatives to it. */
export function openAiChatText(chunk: Fields): string {
  for (const [position, choice] of listOf(chunk["choices"]).entries()) {
    if ((choice["index"] ?? position) !== 0) continue;
    return textOf(choice["text"]) + contentText(fieldsOf(choice["delta"])["content"]);
  }
  return "";
}

function createChoice(budget: TextBudget): Choice {
  return {
    role: "assistant",
    content: new BoundedText(budget),
    refusal: new BoundedText(budget),
    reasoning: new BoundedText(budget),
    calls: new Map(),
    lastCall: 0,
    isBareText: false,
  };
}

function createCall(budget: TextBudget): ToolCall {
  return { id: "", type: "function", name: "", input: new BoundedText(budget) };
}

function joinChoice(choice: Choice): unknown {
  const content = choice.content.toString();
  if (choice.isBareText) return content;
  const message: Record<string, unknown> = {
    role: choice.role,
    content: content === "" ? null : content,
  };
  if (!choice.refusal.isEmpty) message["refusal"] = choice.refusal.toString();
  if (!choice.reasoning.isEmpty) message["reasoning_content"] = choice.reasoning.toString();
  if (choice.calls.size > 0) message["tool_calls"] = [...choice.calls.values()].map(joinCall);
  return message;
}

function joinCall({ id, type, name, input }: ToolCall): unknown {
  return type === "custom"
    ? { id, type, custom: { name, input: input.toString() } }
    : { id, type, function: { name, arguments: input.toString() } };
}

/** A text, or a list of parts as Mistral's API has it. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return listOf(content)
    .map((part) => textOf(part["text"]))
    .join("");
}
