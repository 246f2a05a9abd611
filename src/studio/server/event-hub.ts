import { randomBytes } from "node:crypto";
import type { ChangeEvent } from "../api/types";
import {
  HEARTBEAT_MS,
  MAX_EVENT_BACKLOG_BYTES,
  MAX_EVENT_STREAMS,
  MAX_KEPT_EVENT_BYTES,
  MAX_KEPT_EVENTS,
} from "./limits";

/** A reader of the event stream. */
export interface Subscription {
  /** Of the last event the reader knows, as it says. */
  readonly lastEventId?: string | undefined;
  /** Asked before anything is sent; false ends the stream. @default always true */
  readonly mayRead?: () => boolean;
  /** Closes the connection of a reader that stands still, with all that waits for it. */
  readonly cut?: () => void;
}

/**
 * Hands each change to every open event stream. Ids are `<run>-<number>`: the run is that of this
 * hub, the number counts its events.
 */
export interface EventHub {
  publish(change: ChangeEvent): void;
  /** Of the newest event, or of the moment before the first. */
  lastEventId(): string;
  /**
   * A new server-sent event stream: one `change` event per change, a comment as heartbeat. It begins
   * with what came after `lastEventId`, or with a `reload` event where that is not kept any more.
   * @returns undefined when too many are open
   */
  subscribe(subscription?: Subscription): ReadableStream<Uint8Array> | undefined;
  /** Ends the streams of those who may not read any more. */
  recheck(): void;
  /** Ends all streams; later ones end at once. */
  close(): void;
}

type Stream = ReadableStreamDefaultController<Uint8Array>;

export function createEventHub(): EventHub {
  const streams = new Map<Stream, Subscription>();
  const history = createHistory();
  const encoder = new TextEncoder();
  let isClosed = false;

  const end = (stream: Stream): void => {
    if (streams.delete(stream)) stream.close();
  };
  const recheck = (): void => {
    for (const [stream, { mayRead }] of [...streams]) if (mayRead?.() === false) end(stream);
  };
  const send = (bytes: Uint8Array): void => {
    recheck();
    for (const [stream, { cut }] of [...streams]) {
      if ((stream.desiredSize ?? 0) >= -MAX_EVENT_BACKLOG_BYTES) stream.enqueue(bytes);
      else {
        // Stands still. Should it ever go on, it connects again and gets what it missed.
        end(stream);
        cut?.();
      }
    }
  };
  const heartbeat = setInterval(() => send(encoder.encode(": heartbeat\n\n")), HEARTBEAT_MS);
  heartbeat.unref();

  return {
    publish(change) {
      if (change.sessionIds.length === 0 && change.traceIds.length === 0) return;
      const id = history.nextId();
      const event = `id: ${id}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`;
      const bytes = encoder.encode(event);
      history.add(bytes);
      send(bytes);
    },
    lastEventId: history.lastId,
    subscribe(subscription = {}) {
      if (streams.size >= MAX_EVENT_STREAMS) return undefined;
      let own: Stream | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start(stream) {
            own = stream;
            streams.set(stream, subscription);
            const { lastEventId } = subscription;
            const missed = lastEventId === undefined ? [] : history.since(lastEventId);
            // Sent at once, so that the reader's connection counts as open. An id without data is
            // remembered by the reader, and nothing else happens there.
            const beginning = missed === undefined ? "event: reload\ndata: {}\n" : "";
            const id = missed?.length ? (lastEventId ?? "") : history.lastId();
            stream.enqueue(encoder.encode(`retry: 1000\nid: ${id}\n${beginning}\n`));
            for (const bytes of missed ?? []) stream.enqueue(bytes);
            if (isClosed) end(stream);
          },
          cancel() {
            if (own !== undefined) streams.delete(own);
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
      );
    },
    recheck,
    close() {
      isClosed = true;
      clearInterval(heartbeat);
      for (const stream of [...streams.keys()]) end(stream);
    },
  };
}

/** The last events, within bounds. */
function createHistory() {
  const run = randomBytes(6).toString("hex");
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  /** Number of the newest event; the oldest kept one is `last - kept.length + 1`. */
  let last = 0;
  return {
    lastId: (): string => `${run}-${last}`,
    nextId: (): string => `${run}-${last + 1}`,
    /** @param event - with the id that `nextId` gave */
    add(event: Uint8Array): void {
      last += 1;
      kept.push(event);
      keptBytes += event.length;
      while (kept.length > MAX_KEPT_EVENTS || keptBytes > MAX_KEPT_EVENT_BYTES) {
        keptBytes -= kept.shift()?.length ?? 0;
      }
    },
    /** Undefined where some of it is lost, or the id is of another run. */
    since(id: string): readonly Uint8Array[] | undefined {
      const [, ofRun, digits] = /^([0-9a-f]+)-(\d{1,15})$/.exec(id) ?? [];
      const known = Number(digits);
      const missedCount = last - known;
      if (ofRun !== run || missedCount < 0 || missedCount > kept.length) return undefined;
      return kept.slice(kept.length - missedCount);
    },
  };
}
