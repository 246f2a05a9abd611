import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import { BACKOFF, BLOCKED_PAUSE_MS, backoffMs } from "./retry";
import type { Failure } from "./send";

/** How an endpoint is called in messages. */
export interface EndpointName {
  readonly name: string;
  /** There is no other: messages need not name it. */
  readonly isOnly: boolean;
}

export interface EndpointHealthOptions {
  readonly signal: DeliveryEvent["signal"];
  readonly endpoint: EndpointName;
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent: (event: DeliveryEvent) => void;
  /** Uniform in [0, 1). */
  readonly random?: (() => number) | undefined;
}

/** Topic of the warning that delivery fails: one per endpoint, for all signals. */
export function undeliverableTopic(endpointName: string): string {
  return `undeliverable ${endpointName}`;
}

/** Topic of the warning that items are given up. */
export function droppedTopic(signal: DeliveryEvent["signal"], reason: string): string {
  return `${signal} dropped: ${reason}`;
}

const KEPT = "They are kept and tried again.";
const REFUSES_ALL =
  "The endpoint refuses everything. Check that baseUrl (LANGFUSE_BASE_URL) or endpoint takes OTLP traces.";
/** A server that refuses this many batches in a row, whole ones and single items, may want none of them. */
const MANY_REFUSALS = 32;
/** As many again of what was not refused before, and it does want none. */
const ALL_REFUSALS = 64;
/** Longest pause between attempts while somebody awaits a flush, who may end the process after it. */
const MAX_PAUSE_IN_FLUSH_MS = 1_000;

/** A failed attempt. */
export interface FailedAttempt {
  readonly failure: Failure;
  /** Attempts that failed in a row, this one included. */
  readonly failures: number;
  /** Somebody awaits a flush. */
  readonly isAwaited: boolean;
  /** Items that cannot be delivered for now. */
  readonly pendingCount: number;
}

/**
 * How the endpoint has answered, when the next attempt may be, and what is said of it: one episode
 * of failures is one warning and one event, however many attempts fail in it.
 */
export class EndpointHealth {
  readonly #options: EndpointHealthOptions;
  #failures = 0;
  /** In a row; below zero while more of them say nothing about the endpoint. */
  #refusals = 0;
  #pausedUntil = 0;
  #isPauseAsked = false;
  #isPauseFirm = false;
  /** Kind of the failure that goes on, if one does. */
  #failureCode: string | undefined;
  #lastError: string | undefined;
  /** Warnings that hold until something is accepted again. */
  readonly #droppedTopics = new Set<string>();
  /** Warnings that hold until a batch is accepted as a whole. */
  readonly #rejectedTopics = new Set<string>();

  constructor(options: EndpointHealthOptions) {
    this.#options = options;
  }

  /** Attempts that failed one after the other since the last one that did not. */
  get failures(): number {
    return this.#failures;
  }

  /** No attempt starts before this; by `performance.now()`. */
  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  /** Nothing is gained by trying before the pause is over: nobody waits for that. */
  get isPauseFirm(): boolean {
    return this.#isPauseFirm;
  }

  /** What the endpoint, or the way to it, said last; undefined once it has gone right since. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** Cuts a pause short, unless the endpoint asked for it. */
  lift(): void {
    if (this.#isPauseAsked) return;
    this.#pausedUntil = 0;
    this.#isPauseFirm = false;
  }

  /**
   * It took something.
   * @param suspectCount - items that wait in parts of refused batches: it may well refuse each
   */
  accepted(suspectCount = 0): void {
    this.#refusals = -2 * suspectCount; // requests that it takes at most to single them all out
    this.#settle(this.#droppedTopics);
    this.answered();
  }

  /** Nothing is wrong any more: it took all of a batch. */
  forgive(): void {
    this.#lastError = undefined;
    this.#settle(this.#rejectedTopics);
  }

  /** It is there, and says what it takes and what not: an episode of failures is over. */
  answered(): void {
    if (this.#failures === 0) return;
    const { signal, diagnostics } = this.#options;
    this.#failures = 0;
    this.#failureCode = undefined;
    this.#pausedUntil = 0;
    this.#isPauseAsked = false;
    this.#isPauseFirm = false;
    const topic = undeliverableTopic(this.#options.endpoint.name);
    diagnostics.settle(topic, `Delivery of ${signal}${this.#toWhere} works again.`);
  }

  /** It does not want what was sent. @returns as {@link EndpointHealth.refusals} */
  refused(): "some" | "many" | "all" {
    this.#refusals += 1;
    return this.refusals;
  }

  /** How much of what it is sent it seems not to want, whatever that is. */
  get refusals(): "some" | "many" | "all" {
    if (this.#refusals <= MANY_REFUSALS) return "some";
    return this.#refusals <= ALL_REFUSALS ? "many" : "all";
  }

  /** @param retryAfterMs - pause that the endpoint asked for */
  failed(attempt: FailedAttempt, retryAfterMs?: number): void {
    // Nothing is gained by waiting long when the process may end after the flush.
    const maxMs = attempt.isAwaited ? MAX_PAUSE_IN_FLUSH_MS : BACKOFF.maxMs;
    const limits = { baseMs: BACKOFF.baseMs, maxMs };
    const ownMs = backoffMs(attempt.failures, limits, this.#options.random ?? Math.random);
    const { advice } = attempt.failure;
    const words = advice === undefined ? KEPT : `${advice} ${KEPT}`;
    // Believed once where it asks for less than our own pause: a clock may be off, a server careless.
    const isTooShort = retryAfterMs !== undefined && retryAfterMs < ownMs && attempt.failures > 1;
    this.#fail(attempt, isTooShort ? ownMs : (retryAfterMs ?? ownMs), words);
    if (retryAfterMs === undefined || isTooShort) return;
    this.#isPauseAsked = true;
    this.#isPauseFirm = true;
  }

  /** Until somebody changes keys or address, which another attempt finds out in a while. */
  blocked(attempt: FailedAttempt, advice = REFUSES_ALL): void {
    this.#fail(attempt, BLOCKED_PAUSE_MS, `${advice} ${KEPT}`);
    this.#isPauseFirm = true;
  }

  /** An attempt that we ended ourselves: tells nobody. */
  ended({ reason }: Failure): void {
    this.#lastError ??= reason;
  }

  /** It took everything, and says what should be otherwise. */
  advised(words: string): void {
    const { signal, diagnostics, endpoint } = this.#options;
    const topic = `${signal} advice ${endpoint.name}`;
    diagnostics.warnOnce(topic, `${this.#who} took the ${signal}, and says: ${words}.`);
  }

  /** One item was refused for good. @param name - of the item */
  rejected(name: string, failure: Failure): void {
    this.#tellRejected(name, 1, failure);
  }

  /** So many of a batch were refused for good, nobody says which. */
  rejectedSome(count: number, ofCount: number, failure: Failure): void {
    this.#tellRejected(`${count} of ${ofCount} ${this.#options.signal}`, count, failure);
  }

  #tellRejected(what: string, count: number, { code, reason }: Failure): void {
    const { signal, endpoint, diagnostics, onEvent } = this.#options;
    this.#lastError = reason;
    onEvent({ kind: "rejected", signal, count, reason: `${what}: ${reason}` });
    const topic = `${signal} rejected by ${endpoint.name}: ${code}`;
    this.#rejectedTopics.add(topic);
    diagnostics.warnOnce(
      topic,
      `${this.#who} refused ${what}: ${reason}. See stats() for how many in all.`,
    );
  }

  /** Items are given up. */
  dropped(reason: string): void {
    const { signal, diagnostics } = this.#options;
    const topic = droppedTopic(signal, reason);
    this.#droppedTopics.add(topic);
    diagnostics.warnOnce(topic, `Dropping ${signal}: ${reason}. See stats() for how many.`);
  }

  #settle(topics: Set<string>): void {
    for (const topic of topics) this.#options.diagnostics.settle(topic);
    topics.clear();
  }

  /** At the beginning of a sentence. */
  get #who(): string {
    const { name, isOnly } = this.#options.endpoint;
    return isOnly ? "The endpoint" : name;
  }

  get #toWhere(): string {
    const { name, isOnly } = this.#options.endpoint;
    return isOnly ? "" : ` to ${name}`;
  }

  #fail({ failure, failures, pendingCount }: FailedAttempt, pauseMs: number, advice: string): void {
    const { signal, diagnostics, onEvent } = this.#options;
    const { code, reason } = failure;
    const isNews = this.#failureCode !== code;
    this.#failureCode = code;
    this.#lastError = reason;
    this.#failures = Math.max(this.#failures, failures);
    const now = performance.now();
    if (this.#pausedUntil <= now) {
      this.#isPauseAsked = false;
      this.#isPauseFirm = false;
    }
    // One that asked for a longer pause is not overruled by one that failed beside it.
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
    if (isNews) onEvent({ kind: "unreachable", signal, count: pendingCount, reason });
    const topic = undeliverableTopic(this.#options.endpoint.name);
    diagnostics.warnOnce(topic, `Cannot deliver ${signal}${this.#toWhere}: ${reason}. ${advice}`);
  }
}
