import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../attributes/trace-attributes";
import { FRAME_BYTES, framedLength } from "./protobuf-writer";
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
  readonly end: number;
}

/** What many spans have in common, and share one object for. */
export interface SpanBinding {
  /** What the span says itself; beats the trace's. */
  readonly own: TraceAttributes;
  /** What a scope around gave the span for want of better; the trace's beat it. */
  readonly fallback: TraceAttributes;
  readonly passages: readonly Passage[];
  readonly isRoot: boolean;
  /** The place of a span on the disk of its target: a binding with one belongs to that span alone. */
  readonly ticket: SpoolTicket | undefined;
}

/** Of a span that is no root, before its targets are known. */
export const CHILD_BINDING: SpanBinding = {
  own: NO_TRACE_ATTRIBUTES,
  fallback: NO_TRACE_ATTRIBUTES,
  passages: [],
  isRoot: false,
  ticket: undefined,
};
export const ROOT_BINDING: SpanBinding = { ...CHILD_BINDING, isRoot: true };

/** Trace attributes in place of those behind a span's body; may be shared. */
export class TraceStamp {
  readonly attributes: TraceAttributes;
  /** As `encodeTraceAttributes` makes them. */
  readonly bytes: Buffer;

  constructor(attributes: TraceAttributes, bytes: Buffer) {
    this.attributes = attributes;
    this.bytes = bytes;
  }
}

const NOTHING = Buffer.alloc(0);

/**
 * A span from its end to its acknowledgement: one object for all of the way, and a range of memory
 * instead of a view on it, which would take as much as this object does. Tens of thousands of them may
 * wait, so that each member of it takes half a megabyte.
 *
 *     … │ tag, length │ body     │ trace attributes │ next span …
 *       frameAt       bodyAt     bodyEnd            end
 *
 * Most traces have got their attributes before their spans end: those spans stand in memory as they
 * will stand in the request, one behind the other. Where the attributes are others at the release,
 * they are encoded again, and what stands behind the body is left out.
 */
export class EncodedSpan implements SpanItem, SpanPlace {
  memory: Buffer;
  frameAt: number;
  binding: SpanBinding;
  sequence = 0;
  /** In the request. */
  byteLength: number;
  #bodyEnd: number;
  /** The trace attributes that its bytes have: those behind the body, or others in their place. */
  #stamp: TraceAttributes | TraceStamp;

  /** @param bodyEnd - in memory, where the trace attributes begin that it was stamped with */
  constructor(
    { memory, frameAt }: Pick<SpanPlace, "memory" | "frameAt">,
    bodyEnd: number,
    byteLength: number,
    binding: SpanBinding,
    stamped: TraceAttributes | TraceStamp,
  ) {
    this.memory = memory;
    this.frameAt = frameAt;
    this.binding = binding;
    this.byteLength = byteLength;
    this.#bodyEnd = bodyEnd;
    this.#stamp = stamped;
  }

  get isRoot(): boolean {
    return this.binding.isRoot;
  }

  get ticket(): SpoolTicket | undefined {
    return this.binding.ticket;
  }

  set ticket(ticket: SpoolTicket | undefined) {
    if (ticket !== this.binding.ticket) this.binding = { ...this.binding, ticket };
  }

  /** Of what is in memory of it: of the body alone, where its trace attributes are others. */
  get end(): number {
    return this.#replaced === undefined ? this.frameAt + this.byteLength : this.#bodyEnd;
  }

  get #bodyAt(): number {
    return this.frameAt + FRAME_BYTES;
  }

  get #replaced(): Buffer | undefined {
    return this.#stamp instanceof TraceStamp ? this.#stamp.bytes : undefined;
  }

  /** Bytes of the body. */
  get bodyLength(): number {
    return this.#bodyEnd - this.#bodyAt;
  }

  /** A view on it, made anew each time. */
  get body(): Buffer {
    return this.memory.subarray(this.#bodyAt, this.#bodyEnd);
  }

  /** A view on them, or bytes that several spans share. */
  get traceAttributes(): Buffer {
    const replaced = this.#replaced;
    if (replaced !== undefined) return replaced;
    return this.end === this.#bodyEnd ? NOTHING : this.memory.subarray(this.#bodyEnd, this.end);
  }

  /** Itself, where it stands as it goes into a request; undefined where it is in parts. */
  get whole(): SpanPlace | undefined {
    return this.#replaced === undefined ? this : undefined;
  }

  /** Whether its bytes have these trace attributes: the same object, since they are immutable. */
  hasStamp(attributes: TraceAttributes): boolean {
    const stamp = this.#stamp;
    return (stamp instanceof TraceStamp ? stamp.attributes : stamp) === attributes;
  }

  /** Gives it other trace attributes. */
  stamp(stamp: TraceStamp): void {
    this.#stamp = stamp;
    this.byteLength = framedLength(this.bodyLength + stamp.bytes.length);
  }

  /** Copies it out of the shared memory, all of which it would keep alive. */
  giveOwnMemory(): void {
    const { memory, frameAt, end } = this;
    this.memory = Buffer.allocUnsafeSlow(end - frameAt);
    memory.copy(this.memory, 0, frameAt, end);
    this.#bodyEnd -= frameAt;
    this.frameAt = 0;
  }

  /** Goes to its targets: itself to the first, a copy to each other, since what a delivery takes belongs to it. */
  depart(): void {
    const { passages } = this.binding;
    for (let at = 0; at < passages.length; at += 1) {
      const passage = passages[at];
      passage?.target.deliver(at === 0 ? this : this.#copy(), passage.ticket);
    }
  }

  #copy(): EncodedSpan {
    return new EncodedSpan(this, this.#bodyEnd, this.byteLength, this.binding, this.#stamp);
  }
}
