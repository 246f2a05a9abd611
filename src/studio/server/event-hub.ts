import type { ChangeEvent } from "../api/types";
import { HEARTBEAT_MS, MAX_EVENT_BACKLOG_BYTES } from "./limits";

/** Hands each change to every open event stream. */
export interface EventHub {
  publish(change: ChangeEvent): void;
  /** A new server-sent event stream: one `change` event per change, a comment as heartbeat. */
  subscribe(): ReadableStream<Uint8Array>;
  /** Ends all streams; later ones end at once. */
  close(): void;
}

type Stream = ReadableStreamDefaultController<Uint8Array>;

export function createEventHub(): EventHub {
  const streams = new Set<Stream>();
  const encoder = new TextEncoder();
  let isClosed = false;

  const end = (stream: Stream): void => {
    if (streams.delete(stream)) stream.close();
  };
  const send = (text: string): void => {
    const bytes = encoder.encode(text);
    for (const stream of [...streams]) {
      // A reader that stands still is cut off; it connects again and fetches afresh.
      if ((stream.desiredSize ?? 0) < -MAX_EVENT_BACKLOG_BYTES) end(stream);
      else stream.enqueue(bytes);
    }
  };
  const heartbeat = setInterval(() => send(": heartbeat\n\n"), HEARTBEAT_MS);
  heartbeat.unref();

  return {
    publish(change) {
      if (change.sessionIds.length === 0 && change.traceIds.length === 0) return;
      send(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
    },
    subscribe() {
      let own: Stream | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start(stream) {
            own = stream;
            streams.add(stream);
            // Sent at once, so that the reader's connection counts as open.
            stream.enqueue(encoder.encode("retry: 1000\n\n"));
            if (isClosed) end(stream);
          },
          cancel() {
            if (own !== undefined) streams.delete(own);
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
      );
    },
    close() {
      isClosed = true;
      clearInterval(heartbeat);
      for (const stream of [...streams]) end(stream);
    },
  };
}
