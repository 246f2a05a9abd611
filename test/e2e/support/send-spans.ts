/** A span with its times in milliseconds since the start of the tests' clock, 2026-11-22T10:00:00Z. */
export interface SentSpan {
  readonly traceId?: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Recorded as the span's exception; its status is then an error with the first line. */
  readonly stack?: string;
}

const START_MS = Date.parse("2026-11-22T10:00:00Z");
const MAX_BATCH = 2_000;

/** Sends spans as any OTLP client does; resolves when the studio has accepted all. */
export async function sendSpans(url: string, spans: readonly SentSpan[]): Promise<void> {
  for (let from = 0; from < spans.length; from += MAX_BATCH) {
    const batch = spans.slice(from, from + MAX_BATCH).map(otlpSpan);
    const response = await fetch(`${url}/api/public/otel/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: batch }] }] }),
    });
    if (response.status !== 200) {
      throw new Error(`The studio answered ${response.status}: ${await response.text()}`);
    }
  }
}

function otlpSpan(span: SentSpan): object {
  const [headline = "", ...rest] = (span.stack ?? "").split("\n");
  const [type = "", message = ""] = headline.split(": ", 2);
  const exception = {
    name: "exception",
    timeUnixNano: nanos(span.endMs),
    attributes: attributeList({
      "exception.type": type,
      "exception.message": message,
      "exception.stacktrace": [headline, ...rest].join("\n"),
    }),
  };
  return {
    traceId: span.traceId ?? "trace-1",
    spanId: span.id,
    ...(span.parentId !== undefined && { parentSpanId: span.parentId }),
    name: span.name ?? span.id,
    startTimeUnixNano: nanos(span.startMs),
    endTimeUnixNano: nanos(span.endMs),
    attributes: attributeList(span.attributes ?? {}),
    ...(span.stack !== undefined && {
      events: [exception],
      status: { code: 2, message },
    }),
  };
}

/** The time of the wire at some milliseconds of the tests' clock. */
export function isoTime(ms: number): string {
  return new Date(START_MS + ms).toISOString();
}

function nanos(ms: number): string {
  return String(BigInt(Math.round((START_MS + ms) * 1_000)) * 1_000n);
}

function attributeList(table: Readonly<Record<string, string>>): object[] {
  return Object.entries(table).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
