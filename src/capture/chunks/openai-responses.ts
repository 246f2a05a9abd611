import { type Assembler, ENTRY_BYTES } from "./assembler";
import { BoundedText, type TextBudget } from "./bounded-text";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "./fields";

/** Where the text of an event belongs: the member of the item, and of its part. */
const TEXT_EVENTS: Readonly<Record<string, readonly [list: string, type: string, text: string]>> = {
  "response.output_text.delta": ["content", "output_text", "text"],
  "response.refusal.delta": ["content", "refusal", "refusal"],
  "response.reasoning_text.delta": ["content", "reasoning_text", "text"],
  "response.reasoning_summary_text.delta": ["summary", "summary_text", "text"],
};
const INPUT_EVENTS: Readonly<Record<string, string>> = {
  "response.function_call_arguments.delta": "arguments",
  "response.mcp_call_arguments.delta": "arguments",
  "response.custom_tool_call_input.delta": "input",
};
const LAST_EVENTS: ReadonlySet<unknown> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
]);

interface Item {
  fields: Fields;
  /** `list:index` → its type and text, e.g. `content:0`. */
  readonly parts: Map<string, { list: string; type: string; key: string; text: BoundedText }>;
  readonly input: { key: string; text: BoundedText };
}

/**
 * Events of OpenAI's responses API: the output that the last event holds, or, where the stream broke
 * off before, what the pieces add up to.
 * Spec: https://platform.openai.com/docs/api-reference/responses-streaming
 */
export function createOpenAiResponsesAssembler(budget: TextBudget): Assembler {
  const items = new Map<unknown, Item>();
  let last: Fields | undefined;
  let isCertain = false;

  const itemAt = (event: Fields): Item | undefined => {
    const known = items.get(event["output_index"]);
    if (known !== undefined) return known;
    if (!budget.reserve(ENTRY_BYTES)) return undefined;
    const item: Item = {
      fields: {},
      parts: new Map(),
      input: { key: "", text: new BoundedText(budget) },
    };
    items.set(event["output_index"], item);
    return item;
  };

  return {
    get isCertain() {
      return isCertain;
    },
    add(event) {
      const type = textOf(event["type"]);
      if (type === "error" && isCertain) return true; // recorded as the error it is
      if (!type.startsWith("response.")) return false;
      isCertain = true;
      if (LAST_EVENTS.has(type) && isFields(event["response"])) last = event["response"];
      const textEvent = TEXT_EVENTS[type];
      const inputKey = INPUT_EVENTS[type];
      if (isFields(event["item"])) {
        const item = itemAt(event);
        if (item !== undefined) item.fields = briefly(event["item"]);
      } else if (textEvent !== undefined) {
        const [list, partType, key] = textEvent;
        const item = itemAt(event);
        const place = `${list}:${event["content_index"] ?? event["summary_index"] ?? 0}`;
        const part = item?.parts.get(place) ?? {
          list,
          type: partType,
          key,
          text: new BoundedText(budget),
        };
        item?.parts.set(place, part);
        part.text.append(textOf(event["delta"]));
      } else if (inputKey !== undefined) {
        const item = itemAt(event);
        if (item === undefined) return true;
        item.input.key = inputKey;
        item.input.text.append(textOf(event["delta"]));
      }
      return true;
    },
    join() {
      const output = listOf(last?.["output"]);
      if (output.length > 0) return output;
      if (items.size === 0) return last;
      return [...items.values()].map(joinItem);
    },
  };
}

/** The text of an event that shows in the answer. */
export function openAiResponsesText(event: Fields): string {
  return event["type"] === "response.output_text.delta" ? textOf(event["delta"]) : "";
}

/** An item without what comes in pieces. */
function briefly({ type, id, role, name, call_id }: Fields): Fields {
  const all = { type, id, role, name, call_id };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => typeof value === "string"));
}

function joinItem({ fields, parts, input }: Item): Fields {
  const item: Record<string, unknown> = { ...fields };
  for (const { list, type, key, text } of parts.values()) {
    const before = Array.isArray(item[list]) ? item[list] : [];
    item[list] = [...before, { type, [key]: text.toString() }];
  }
  if (!input.text.isEmpty) item[input.key] = input.text.toString();
  item["type"] ??= fieldsOf(item)["content"] === undefined ? "reasoning" : "message";
  if (item["type"] === "message") item["role"] ??= "assistant";
  return item;
}
