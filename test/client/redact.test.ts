import { describe, expect, it } from "vitest";
import { traceSecrets } from "../support/trace-secrets";
import { useTraced } from "../support/traced";

const traced = useTraced({ flushIntervalMs: 60_000, spool: false });

function wire(): string {
  return traced.sink.requests.map(({ body }) => body.toString("latin1")).join("\n");
}

describe("redact", () => {
  it("takes presets and patterns out of every text, before the mask sees it", async () => {
    const seen: string[] = [];
    const client = traced.createClient({
      redact: ["email", { pattern: "SECRET", replace: "***" }, { pattern: /order-\d+/ }],
      mask(record) {
        seen.push(JSON.stringify(record));
        return record;
      },
    });
    traceSecrets(client);
    client.startSpan({ name: "mail", input: { to: "ada@example.com", order: "order-12" } }).end();
    await client.flush();
    expect(wire()).not.toMatch(/SECRET|ada@example\.com|order-12/);
    expect(seen.join()).not.toMatch(/SECRET|ada@example\.com|order-12/);
    expect(traced.sink.span("name ***").attributes["user.id"]).toBe("user ***");
    const input = traced.sink.span("mail").attributes["langfuse.observation.input"];
    expect(JSON.parse(String(input))).toEqual({ to: expect.any(String), order: "[redacted]" });
  });

  it("keeps the values of metadata whose keys become the same", async () => {
    const client = traced.createClient({ redact: [{ pattern: /user-\d+/, replace: "user" }] });
    const metadata = { "user-1": "one", "user-2": "two", "user-3": "three", other: "four" };
    client.startSpan({ name: "work", metadata }).end();
    await client.flush();
    expect(traced.sink.span("work").attributes).toMatchObject({
      "langfuse.observation.metadata.user": "one",
      "langfuse.observation.metadata.user (2)": "two",
      "langfuse.observation.metadata.user (3)": "three",
      "langfuse.observation.metadata.other": "four",
    });
  });
});
