/** An OTLP/JSON span with defaults: trace `t`, one second long, starting at 2025-11-22T10:20:00Z. */
export interface JsonSpan {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly status?: { readonly code: number; readonly message?: string };
}

/** An OTLP/JSON request with these spans. */
export function otlpJson(...spans: readonly JsonSpan[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributeList({ "service.name": "shop" }) },
        scopeSpans: [
          {
            scope: { name: "langfuse-sdk", version: "5.11.1" },
            spans: spans.map(({ attributes = {}, ...span }) => ({
              traceId: "t",
              spanId: "o",
              name: "observation",
              startTimeUnixNano: "1763806800000000000",
              endTimeUnixNano: "1763806801000000000",
              ...span,
              attributes: attributeList(attributes),
            })),
          },
        ],
      },
    ],
  });
}

function attributeList(table: Readonly<Record<string, string | number | boolean>>): unknown[] {
  return Object.entries(table).map(([key, value]) => ({ key, value: anyValueOf(value) }));
}

function anyValueOf(value: string | number | boolean): unknown {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    default:
      return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
}
