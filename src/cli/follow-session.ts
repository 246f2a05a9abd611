import type { ReadEndpoint } from "../sessions/endpoint";
import type { SessionDetail } from "../studio/api/types";
import { createLiveConnection } from "../studio/page/live-connection";

export interface FollowOptions {
  readonly endpoint: ReadEndpoint;
  readonly sessionId: string;
  /** Reads the session as it is now. */
  readonly read: () => Promise<SessionDetail | undefined>;
  /** Given the session when the stream has begun, and after each change. */
  readonly onSession: (detail: SessionDetail | undefined) => void;
  /** The studio is gone, or back again. */
  readonly onState: (state: "live" | "lost") => void;
  /** Resolves when the user asks to stop. */
  readonly stopped: Promise<void>;
}

/** What belongs together comes in several batches; they are waited for so long, in milliseconds. */
const SETTLE_MS = 150;

/**
 * Follows a session by the studio's event stream until the user stops it. A stream that breaks is
 * opened again, and what was missed is read then.
 * @throws (rejects) PlayheadError ENDPOINT_REFUSED - when the keys do not count any more
 */
export function followSession(options: FollowOptions): Promise<void> {
  const { endpoint, sessionId, read, onSession, onState, stopped } = options;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let isReading = false;
    let isStale = false;

    const end = (error?: unknown): void => {
      connection.close();
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    };
    const refresh = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (isReading) {
          isStale = true;
          return;
        }
        isReading = true;
        void read()
          // A studio that does not answer just now: the stream says when it is back.
          .then(onSession, () => undefined)
          .finally(() => {
            isReading = false;
            if (isStale) refresh();
            isStale = false;
          });
      }, SETTLE_MS);
    };
    const connection = createLiveConnection({
      open: (lastEventId, signal) =>
        fetch(`${endpoint.baseUrl}/api/studio/events`, {
          headers: {
            ...endpoint.headers,
            ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
          },
          signal,
        }),
      lastEventId: undefined,
      onChange(change) {
        if (change === null || change.sessionIds.includes(sessionId)) refresh();
      },
      onState(state) {
        if (state === "connecting") return;
        onState(state);
        if (state === "live") refresh();
      },
      onSignedOut() {
        void read().then(() => end(), end); // reading says in words which keys are refused
        return false;
      },
      random: Math.random,
    });
    void stopped.then(() => end());
  });
}
