import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../attributes/trace-attributes";
import { framedLength } from "./protobuf-writer";
import type { SpanItem } from "./span-lane";
import type { SpoolTicket } from "./spool/spool";

/** A target that a span goes to, and the span's place on that target's disk. */
export interface Passage {
  readonly target: { deliver(span: EncodedSpan, ticket: SpoolTicket | undefined): void };
  readonly ticket: SpoolTicket | undefined;
}

/** Where a span stands in memory, by offsets; see {@link EncodedSpan}. */
export interface SpanPlace {
  /** Shared by many spans, and never written to again where a span stands. */
  readonly memory: Buffer;
  readonly frameAt: number;
  readonly bodyAt: number;
  readonly bodyEnd: number;
  readonly end: number;
}

const NOTHING = Buffer.alloc(0);

/**
 * A span from its end to its acknowledgement: one object for all of the way, and a range of memory
 * instead of a view on it, which would take as much as this object does.
 *
 *     … │ tag, length │ body     │ trace attributes │ next span …
 *       frameAt       bodyAt     bodyEnd            end
 *
 * Most traces have got their attributes before their spans end: those spans stand in memory as they
 * will stand in the request, one behind the other. Where the attributes are others at the release,
 * they are encoded again, and what stands behind the body is left out.
 */
export class EncodedSpan implements SpanItem {
  readonly isRoot: boolean;
  /** What the span says itself; beats the trace's. */
  readonly own: TraceAttributes;
  /** What a scope around gave the span for want of better; the trace's beat it. */
  fallback: TraceAttributes = NO_TRACE_ATTRIBUTES;
  passages: readonly Passage[] = [];
  ticket: SpoolTicket | undefined;
  sequence = 0;
  byteLength: number;
  #place: SpanPlace;
  /** The trace attributes that its bytes have. */
  #stamped: TraceAttributes;
  /** Bytes of those, where they are not the ones behind the body. */
  #replaced: Buffer | undefined;
  #isTaken = false;

  constructor(place: SpanPlace, isRoot: boolean, own: TraceAttributes, stamped: TraceAttributes) {
    this.isRoot = isRoot;
    this.own = own;
    this.byteLength = place.end - place.frameAt;
    this.#place = place;
    this.#stamped = stamped;
  }

  /** Bytes of the body. */
  get bodyLength(): number {
    return this.#place.bodyEnd - this.#place.bodyAt;
  }

  /** A view on it, made anew each time. */
  get body(): Buffer {
    const { memory, bodyAt, bodyEnd } = this.#place;
    return memory.subarray(bodyAt, bodyEnd);
  }

  /** A view on them, or bytes that several spans share. */
  get traceAttributes(): Buffer {
    if (this.#replaced !== undefined) return this.#replaced;
    const { memory, bodyEnd, end } = this.#place;
    return end === bodyEnd ? NOTHING : memory.subarray(bodyEnd, end);
  }

  /** Where it stands as it goes into a request; undefined where it is in parts. */
  get whole(): SpanPlace | undefined {
    return this.#replaced === undefined ? this.#place : undefined;
  }

  /** Whether its bytes have these trace attributes: the same object, since they are immutable. */
  hasStamp(attributes: TraceAttributes): boolean {
    return this.#stamped === attributes;
  }

  /** Gives it other trace attributes. @param bytes - as `encodeTraceAttributes` makes them */
  stamp(attributes: TraceAttributes, bytes: Buffer): void {
    this.#stamped = attributes;
    this.#replaced = bytes;
    this.byteLength = framedLength(this.bodyLength + bytes.length);
  }

  /** Copies it out of the shared memory, all of which it would keep alive. */
  giveOwnMemory(): void {
    const { memory, frameAt, bodyAt, bodyEnd, end } = this.#place;
    const own = Buffer.allocUnsafeSlow(end - frameAt);
    memory.copy(own, 0, frameAt, end);
    this.#place = {
      memory: own,
      frameAt: 0,
      bodyAt: bodyAt - frameAt,
      bodyEnd: bodyEnd - frameAt,
      end: end - frameAt,
    };
  }

  /** What a delivery takes: the span itself the first time, a copy of the object for each other target. */
  toItem(ticket: SpoolTicket | undefined): SpanItem {
    if (this.#isTaken) return this.#copy().toItem(ticket);
    this.#isTaken = true;
    this.ticket = ticket;
    return this;
  }

  #copy(): EncodedSpan {
    const copy = new EncodedSpan(this.#place, this.isRoot, this.own, this.#stamped);
    if (this.#replaced !== undefined) copy.stamp(this.#stamped, this.#replaced);
    return copy;
  }
}
