import {
  type AttributeVisitor,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
  visitTraceAttributes,
} from "../attributes/trace-attributes";
import type { ProtobufWriter } from "./protobuf-writer";

/** Longer ones are encoded again: copying by words takes longer than that. */
const MAX_COPIED_BYTES = 256;

/**
 * Writes the attributes of a trace behind each of its spans. Spans of a trace often come in a row:
 * what was written for the one before, and still stands in the writer's slab, is written once more.
 */
export class LastTraceAttributes {
  readonly #writer: ProtobufWriter;
  readonly #visitor: AttributeVisitor;
  /** Identity tells versions apart: they are immutable. */
  #attributes: TraceAttributes = NO_TRACE_ATTRIBUTES;
  #slabCount = 0;
  #from = 0;
  #to = 0;

  /** @param visitor - writes to `writer` */
  constructor(writer: ProtobufWriter, visitor: AttributeVisitor) {
    this.#writer = writer;
    this.#visitor = visitor;
  }

  /** To be called where what was written last is given up. */
  forget(): void {
    this.#attributes = NO_TRACE_ATTRIBUTES;
  }

  write(attributes: TraceAttributes): void {
    if (attributes === NO_TRACE_ATTRIBUTES) return;
    const writer = this.#writer;
    if (attributes === this.#attributes && writer.slabCount === this.#slabCount) {
      writer.repeat(this.#from, this.#to);
      return;
    }
    const before = writer.length;
    visitTraceAttributes(attributes, this.#visitor);
    const length = writer.length - before;
    if (length > MAX_COPIED_BYTES) return;
    this.#attributes = attributes;
    this.#slabCount = writer.slabCount;
    this.#to = writer.position;
    this.#from = writer.position - length;
  }
}
