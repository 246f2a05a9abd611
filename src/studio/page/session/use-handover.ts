import { useEffect, useRef, useState } from "preact/hooks";
import type { HandoverOutcome, HandoverProgress, HandoverRequest } from "../../api/handover-types";
import { readHandoverEvents } from "../../handover/read-events";
import { postForStream, ReadError } from "../resource";

export type HandoverState =
  | { readonly status: "idle" }
  | { readonly status: "running"; readonly progress: HandoverProgress | null }
  | { readonly status: "done"; readonly outcome: HandoverOutcome }
  | { readonly status: "failed"; readonly message: string };

export interface Handover {
  readonly state: HandoverState;
  /** The keys are not kept. */
  readonly start: (request: HandoverRequest) => void;
  readonly fail: (message: string) => void;
  /** Ends what is running: nothing further is sent then. */
  readonly stop: () => void;
}

const IDLE: HandoverState = { status: "idle" };
const BROKEN_OFF = "The studio broke off. Send it again to go on: nothing is doubled.";

/** Has the studio send a session somewhere else, one at a time. */
export function useHandover(): Handover {
  const [state, setState] = useState<HandoverState>(IDLE);
  const running = useRef<AbortController | null>(null);
  const stop = (): void => {
    running.current?.abort();
    running.current = null;
    setState(IDLE);
  };
  useEffect(() => () => running.current?.abort(), []);
  const start = async (request: HandoverRequest): Promise<void> => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const tell = (next: HandoverState): void => {
      if (!controller.signal.aborted) setState(next);
    };
    tell({ status: "running", progress: null });
    try {
      const body = await postForStream("/api/studio/handover", request, controller.signal);
      if (body === null) throw new Error(BROKEN_OFF);
      let last: HandoverState = { status: "failed", message: BROKEN_OFF };
      for await (const event of readHandoverEvents(body)) {
        if (event.type === "progress") tell({ status: "running", progress: event });
        else if (event.type === "outcome") last = { status: "done", outcome: event };
        else last = { status: "failed", message: event.message };
      }
      tell(last);
    } catch (error) {
      const message = error instanceof ReadError ? error.message : BROKEN_OFF;
      tell({ status: "failed", message });
    } finally {
      if (running.current === controller) running.current = null; // what has ended is not broken off
    }
  };
  return {
    state,
    start: (request) => void start(request),
    fail: (message) => setState({ status: "failed", message }),
    stop,
  };
}
