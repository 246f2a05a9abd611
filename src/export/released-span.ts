import type { SpanPlace } from "./encoded-span";

/** A span on its way out: bytes from end to bytes of the request. Nobody writes to them again. */
export interface ReleasedSpan {
  /** Fields of an OTLP Span, without a length. */
  readonly body: Buffer;
  /** More fields of the same Span: the attributes of its trace as they were at release. */
  readonly traceAttributes: Buffer;
  /** Where both stand as they go into a request; undefined where they have to be put together. */
  readonly whole: SpanPlace | undefined;
  /** Root of its trace in this process: dropped last. */
  readonly isRoot: boolean;
  /** Bytes in the request, with tag and length. */
  readonly byteLength: number;
}
