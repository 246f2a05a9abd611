/** One server-sent event. */
export interface ServerEvent {
  /** Undefined where the event names none: the id before it stays. */
  readonly id: string | undefined;
  readonly type: string;
  /** Null for one that only sets the id, or the time to wait. */
  readonly data: string | null;
}

/**
 * Reads a stream of server-sent events piece by piece, wherever the pieces are cut. Knows what the
 * studio sends: lines end with LF.
 * Spec: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createEventParser(): (text: string) => readonly ServerEvent[] {
  let rest = "";
  return (text) => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    return blocks.map(eventOf);
  };
}

function eventOf(block: string): ServerEvent {
  let id: string | undefined;
  let type = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "id") id = value;
    else if (name === "event") type = value;
    else if (name === "data") data.push(value);
  }
  return { id, type, data: data.length === 0 ? null : data.join("\n") };
}
