import { serialize } from "../serialize";
import { type Assembler, ENTRY_BYTES } from "./assembler";
import { BoundedText, type TextBudget } from "./bounded-text";
import { type Fields, isFields, textOf } from "./fields";

/** Parts that say where something begins and ends, or that repeat in pieces what comes whole. */
const BESIDE: ReadonlySet<unknown> = new Set([
  ...["start", "start-step", "step-start", "stream-start", "response-metadata", "message-metadata"],
  ...["text-start", "text-end", "reasoning-start", "reasoning-end", "reasoning-signature"],
  ...["tool-input-start", "tool-input-delta", "tool-input-end", "tool-call-streaming-start"],
  ...["tool-call-delta", "finish-step", "step-finish", "finish", "abort", "raw", "error"],
]);
/** Parts that are whole. */
const WHOLE: ReadonlySet<unknown> = new Set([
  ...["tool-call", "tool-result", "tool-error", "source", "file"],
  ...["tool-input-available", "tool-output-available", "tool-output-error"],
]);
const TEXTS: Readonly<Record<string, "text" | "reasoning">> = {
  "text-delta": "text",
  reasoning: "reasoning",
  "reasoning-delta": "reasoning",
};

interface TextPart {
  readonly type: "text" | "reasoning";
  readonly text: BoundedText;
}

/**
 * Parts of the AI SDK's `fullStream` (versions 4 to 6) and of its streams to the page: text alone
 * as `{ role, content: text }`, else a list of text, reasoning, tool calls and results in order.
 * Spec: https://ai-sdk.dev/docs/reference/ai-sdk-core/stream-text (fullStream)
 */
export function createAiSdkAssembler(budget: TextBudget): Assembler {
  const content: (TextPart | { readonly whole: unknown })[] = [];
  let missingCount = 0;
  let isCertain = false;

  const addText = (type: TextPart["type"], piece: string): void => {
    const before = content.at(-1);
    if (before !== undefined && "text" in before && before.type === type) {
      before.text.append(piece);
    } else if (budget.reserve(ENTRY_BYTES)) {
      const text = new BoundedText(budget);
      text.append(piece);
      content.push({ type, text });
    } else {
      missingCount += 1;
    }
  };
  const addWhole = (part: Fields): void => {
    const json = serialize(part, { maxBytes: Number.MAX_SAFE_INTEGER }) ?? "";
    if (budget.reserve(json.length)) content.push({ whole: JSON.parse(json) as unknown });
    else missingCount += 1;
  };

  return {
    get isCertain() {
      return isCertain;
    },
    add(part) {
      const { type } = part;
      const textType = typeof type === "string" ? TEXTS[type] : undefined;
      if (textType !== undefined && partText(part) !== undefined) {
        isCertain ||= type !== "reasoning";
        addText(textType, partText(part) ?? "");
      } else if (WHOLE.has(type)) {
        isCertain ||= typeof part["toolCallId"] === "string";
        addWhole(part);
      } else {
        return BESIDE.has(type);
      }
      return true;
    },
    join() {
      const parts: unknown[] = content.map((part) =>
        "whole" in part ? part.whole : { type: part.type, text: part.text.toString() },
      );
      if (missingCount > 0) parts.push({ "[cut]": `${missingCount} more` });
      const [only] = parts;
      const isText = parts.length === 1 && isFields(only) && only["type"] === "text";
      return { role: "assistant", content: isText ? only["text"] : parts };
    },
  };
}

/** The text of a part that shows in the answer. */
export function aiSdkText(part: Fields): string {
  return part["type"] === "text-delta" ? textOf(partText(part)) : "";
}

/** Named differently in each version. */
function partText(part: Fields): string | undefined {
  const text = part["text"] ?? part["textDelta"] ?? part["delta"];
  return typeof text === "string" ? text : undefined;
}
