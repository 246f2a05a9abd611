/**
 * A span on its way out: bytes from end to bytes of the request. `body` and `traceAttributes` are
 * views on shared memory that nobody writes to again.
 */
export interface ReleasedSpan {
  /** Fields of an OTLP Span, without a length. */
  readonly body: Buffer;
  /** More fields of the same Span: the attributes of its trace as they were at release. */
  readonly traceAttributes: Buffer;
  /** Root of its trace in this process: dropped last. */
  readonly isRoot: boolean;
  /** Bytes in the request. */
  readonly byteLength: number;
}
