import type { ChangeEvent } from "../api/types";
import { createEventParser, type ServerEvent } from "./event-parser";

/** `null` stands for "anything may have changed". */
export type Change = ChangeEvent | null;
export type LiveState = "connecting" | "live" | "lost";

export interface LiveConnectionOptions {
  /** Asks for the stream, from the event after `lastEventId` on. Ends with the signal. */
  readonly open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;
  /** Where to begin; undefined begins with what comes. */
  readonly lastEventId: string | undefined;
  /** @param lastEventId - where another connection would go on */
  readonly onChange: (change: Change, lastEventId: string | undefined) => void;
  readonly onState: (state: LiveState) => void;
  /**
   * The studio asks for a sign-in.
   * @returns whether it is tried on, for one in another tab; else nothing is tried any more
   */
  readonly onSignedOut: () => boolean;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface LiveConnection {
  /** Does not wait for the next attempt. */
  retryNow(): void;
  close(): void;
}

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
/** Three heartbeats: a connection that says nothing for longer is dead, as after a sleep. */
const MAX_SILENCE_MS = 45_000;

/** Holds the event stream open for as long as it lives, and gets what it missed in between. */
export function createLiveConnection(options: LiveConnectionOptions): LiveConnection {
  const { open, onChange, onState, onSignedOut, random } = options;
  let { lastEventId } = options;
  let isClosed = false;
  let failureCount = 0;
  let attempt = new AbortController();
  let endPause = (): void => {};

  const hear = ({ id, type, data }: ServerEvent): void => {
    if (id !== undefined) lastEventId = id;
    if (type === "change") onChange(parseChange(data), lastEventId);
    else if (type === "reload") onChange(null, lastEventId);
  };

  /** @returns false when there is no sense in another attempt */
  const listen = async (): Promise<boolean> => {
    attempt = new AbortController();
    const { signal } = attempt;
    const silence = createTimer(MAX_SILENCE_MS, () => attempt.abort());
    try {
      const response = await open(lastEventId, signal);
      if (response.status === 401) return onSignedOut();
      if (!response.ok || response.body === null) return true;
      failureCount = 0;
      onState("live");
      const parse = createEventParser();
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return true;
        silence.restart();
        parse(decoder.decode(value, { stream: true })).forEach(hear);
      }
    } catch {
      return true; // no answer, or one that broke off: the next attempt says more
    } finally {
      silence.stop();
    }
  };

  const run = async (): Promise<void> => {
    while (!isClosed && (await listen()) && !isClosed) {
      onState("lost");
      failureCount += 1;
      const delayMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failureCount - 1));
      await new Promise<void>((resolve) => {
        // Many tabs lose the studio at the same moment; they do not come back at the same one.
        const pause = createTimer(delayMs * (0.5 + random() / 2), resolve);
        endPause = () => {
          pause.stop();
          resolve();
        };
      });
    }
  };
  void run();

  return {
    retryNow: () => endPause(),
    close() {
      isClosed = true;
      attempt.abort();
      endPause();
    },
  };
}

function createTimer(ms: number, onEnd: () => void) {
  let timer = setTimeout(onEnd, ms);
  return {
    restart(): void {
      clearTimeout(timer);
      timer = setTimeout(onEnd, ms);
    },
    stop: (): void => clearTimeout(timer),
  };
}

function parseChange(data: string | null): Change {
  try {
    const change: Partial<ChangeEvent> = JSON.parse(data ?? "");
    const { sessionIds, traceIds } = change;
    return Array.isArray(sessionIds) && Array.isArray(traceIds) ? { sessionIds, traceIds } : null;
  } catch {
    return null; // of a later version of the studio: it still says that something changed
  }
}
