import { cutEvent } from "./cut-event";
import type { IngestionEvent } from "./ingestion-event";

/** Body of one legacy request at most: what is documented. Servers refuse more than 4.5 MB. */
export const MAX_INGESTION_BYTES = 3_500_000;

const HEAD = '{"batch":[';
const TAIL = "]}";

/** One request of `POST /api/public/ingestion`. */
export interface IngestionBatch {
  /** JSON text. */
  readonly body: Buffer;
  readonly eventIds: readonly string[];
}

export interface SplitEvents {
  readonly batches: readonly IngestionBatch[];
  /** Ids of events that no cut makes fit. */
  readonly tooLarge: readonly string[];
}

/**
 * Packs events, in their order, into as few bodies as the bound allows. An event that is too large
 * by itself is cut (see {@link cutEvent}).
 * @param maxBytes - of one body
 */
export function splitBySize(
  events: readonly IngestionEvent[],
  maxBytes: number = MAX_INGESTION_BYTES,
): SplitEvents {
  const batches: IngestionBatch[] = [];
  const tooLarge: string[] = [];
  const room = maxBytes - HEAD.length - TAIL.length;
  let texts: string[] = [];
  let ids: string[] = [];
  let byteLength = 0;
  const close = (): void => {
    if (ids.length === 0) return;
    batches.push({ body: Buffer.from(HEAD + texts.join() + TAIL), eventIds: ids });
    texts = [];
    ids = [];
    byteLength = 0;
  };
  for (const event of events) {
    const text = cutEvent(event, room);
    if (text === undefined) {
      tooLarge.push(event.id);
      continue;
    }
    const textBytes = Buffer.byteLength(text);
    const commaBytes = ids.length === 0 ? 0 : 1;
    if (byteLength + commaBytes + textBytes > room) close();
    byteLength += textBytes + (ids.length === 0 ? 0 : 1);
    texts.push(text);
    ids.push(event.id);
  }
  close();
  return { batches, tooLarge };
}
