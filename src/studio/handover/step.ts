import type { Transport } from "../../export/transport";
import type { HandoverProgress } from "../api/handover-types";
import type { TraceRecord } from "../store/records";
import type { Store } from "../store/store";
import type { Address } from "./address";
import type { FoundEndpoint } from "./find-endpoint";
import type { Ledger } from "./ledger";
import type { PersistOptions } from "./persist";

export interface HandoverOptions {
  readonly store: Store;
  readonly sessionId: string;
  readonly address: Address;
  /** With the keys in its headers, where there are any. */
  readonly transport: Transport;
  readonly hasKeys: boolean;
  readonly onProgress: (progress: HandoverProgress) => void;
  /** Aborted when nobody waits any more: nothing further is sent then. */
  readonly signal: AbortSignal;
}

/** What each part of a hand-over is given. */
export interface Step {
  readonly options: HandoverOptions;
  readonly endpoint: FoundEndpoint;
  readonly traces: readonly TraceRecord[];
  readonly ledger: Ledger;
}

/** Whether nothing further is to be sent. */
export function isOver({ options, ledger }: Step): boolean {
  return ledger.isStopped || options.signal.aborted;
}

export function patience(
  { options, ledger }: Step,
  step: HandoverProgress["step"],
): PersistOptions {
  return { signal: options.signal, onTrouble: (reason) => ledger.trouble(step, reason) };
}

/** Why nothing more is sent, as a sentence. */
export function stopReason({ tracesUrl }: FoundEndpoint, reason: string): string {
  return `${new URL(tracesUrl).origin} takes nothing more: ${reason}. Send it again to go on; nothing is doubled.`;
}
