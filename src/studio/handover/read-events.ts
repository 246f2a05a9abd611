import type { HandoverEvent } from "../api/handover-types";

/** Reads the answer of `POST /api/studio/handover`, line by line; for the page as well as for Node. */
export async function* readHandoverEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<HandoverEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as HandoverEvent; // the contract of handover-types.ts
    }
  } finally {
    await reader.cancel().catch(() => undefined); // broken off already
  }
}
