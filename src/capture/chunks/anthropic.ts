import { type Assembler, ENTRY_BYTES } from "./assembler";
import { BoundedText, type TextBudget } from "./bounded-text";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "./fields";

/** Pieces of a block, and the member they make up. */
const PIECES = [
  ["text", "text"],
  ["thinking", "thinking"],
  ["signature", "signature"],
  ["partial_json", "input"],
] as const;

const EVENTS: ReadonlySet<unknown> = new Set([
  "message_start",
  "content_block_start",
  "content_block_delta",
  "content_block_stop",
  "message_delta",
  "message_stop",
  "ping",
]);

interface Block {
  readonly start: Fields;
  readonly texts: Map<(typeof PIECES)[number][1], BoundedText>;
}

/**
 * Events of Anthropic's messages API: the message, the input of tool calls as the JSON it is.
 * Spec: https://docs.anthropic.com/en/api/messages-streaming
 */
export function createAnthropicAssembler(budget: TextBudget): Assembler {
  const blocks = new Map<unknown, Block>();
  let role = "assistant";
  let isCertain = false;
  let missingCount = 0;

  const addPieces = (event: Fields): void => {
    const block = blocks.get(event["index"]);
    const delta = fieldsOf(event["delta"]);
    for (const [from, to] of PIECES) {
      const piece = textOf(delta[from]);
      if (piece === "" || block === undefined) continue;
      const text = block.texts.get(to) ?? new BoundedText(budget);
      block.texts.set(to, text);
      text.append(piece);
    }
  };

  return {
    get isCertain() {
      return isCertain;
    },
    add(event) {
      if (!EVENTS.has(event["type"])) return false;
      isCertain ||= event["type"] === "message_start" || event["type"] === "content_block_delta";
      role = textOf(fieldsOf(event["message"])["role"]) || role;
      if (isFields(event["content_block"])) {
        const isKept = budget.reserve(ENTRY_BYTES);
        if (isKept) blocks.set(event["index"], startBlock(event["content_block"], budget));
        else missingCount += 1;
      }
      addPieces(event);
      return true;
    },
    join() {
      const content = [...blocks.values()].map(joinBlock);
      if (missingCount > 0) content.push({ "[cut]": `${missingCount} more` });
      return { role, content };
    },
  };
}

/** The text of an event that shows in the answer. */
export function anthropicText(event: Fields): string {
  if (event["type"] === "content_block_start") {
    return textOf(fieldsOf(event["content_block"])["text"]);
  }
  return event["type"] === "content_block_delta" ? textOf(fieldsOf(event["delta"])["text"]) : "";
}

/** The block as it starts, with the text it may start with. What is no text is kept as it came. */
function startBlock(start: Fields, budget: TextBudget): Block {
  const block: Block = { start: withRoom(start, budget), texts: new Map() };
  for (const [, to] of PIECES) {
    const first = start[to];
    if (typeof first !== "string" || first === "") continue;
    const text = new BoundedText(budget);
    text.append(first);
    block.texts.set(to, text);
  }
  return block;
}

/** Results of server tools come whole: as long as there is room for them. */
function withRoom(start: Fields, budget: TextBudget): Fields {
  const results = listOf(start["content"]);
  const bytes = results.length === 0 ? 0 : JSON.stringify(results).length;
  return budget.reserve(bytes) ? { ...start } : { ...start, content: `[cut: ${bytes} bytes]` };
}

function joinBlock({ start, texts }: Block): Fields {
  const block: Record<string, unknown> = { ...start };
  for (const [to, text] of texts) {
    block[to] = to === "input" ? parsedInput(text) : text.toString();
  }
  return block;
}

/** A call that broke off, or was cut, leaves half a JSON text: that, then. */
function parsedInput(text: BoundedText): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return text.toString();
  }
}
