import { describe, expect, it } from "vitest";
import { always, type Fault, first, HEALTHY } from "../support/fault-server";
import { expectTaken, expectTakenOnce, traceSpans, until, useFaults } from "./support/use-faults";

const SPANS = 100;
const faults = useFaults();

/** Two at once, so that attempts at the same time fail, too. */
const SEVERAL_BATCHES = { maxBatchSpans: 40 };

describe("an endpoint that fails three requests and then works gets every span, once, with one warning", () => {
  const cases: readonly [string, Fault, RegExp][] = [
    [
      "resets within the request",
      { kind: "reset in request", afterBytes: 200 },
      /ECONNRESET|EPIPE/,
    ],
    ["resets before the body", { kind: "reset in request", afterBytes: 0 }, /ECONNRESET|EPIPE/],
    ["resets instead of an answer", { kind: "reset before answer" }, /ECONNRESET/],
    ["never answers", { kind: "stall" }, /no answer within 300 ms/],
    ["answers too late", { kind: "answer", delayMs: 1_000 }, /no answer within 300 ms/],
    ["answers 500", { kind: "answer", status: 500, text: "oh" }, /HTTP 500: oh/],
    ["answers 502", { kind: "answer", status: 502 }, /HTTP 502/],
    ["answers 503", { kind: "answer", status: 503 }, /HTTP 503/],
    ["answers 504", { kind: "answer", status: 504 }, /HTTP 504/],
    ["answers 408", { kind: "answer", status: 408 }, /HTTP 408/],
    ["answers 429 without a pause", { kind: "answer", status: 429 }, /HTTP 429/],
    ["breaks off the answer to a 500", { kind: "half answer", status: 500 }, /HTTP 500/],
    ["cuts the gzip of a 503", { kind: "truncated gzip", status: 503 }, /HTTP 503/],
  ];
  it.each(cases)("%s", async (_, fault, message) => {
    const { server, client, lines, events } = await faults.start(first(fault, fault, fault), {
      ...SEVERAL_BATCHES,
      timeoutMs: 300,
    });

    const ids = traceSpans(client, SPANS);
    const report = await client.flush();

    expect(report).toMatchObject({ isComplete: true, isAllDelivered: true, delivered: SPANS });
    expect(report).not.toHaveProperty("lastError");
    expectTakenOnce(server, ids);
    expect(lines()).toEqual([
      expect.stringMatching(/^Cannot deliver spans: .* kept and tried again/),
    ]);
    expect(lines()).toEqual([expect.stringMatching(message)]);
    expect(events.map(({ kind, signal }) => [kind, signal])).toEqual([["unreachable", "spans"]]);
  });
});

it("delivers everything when the connection is refused at first", async () => {
  const { server, client, lines } = await faults.start(always(HEALTHY), SEVERAL_BATCHES);
  await server.goDown();

  const ids = traceSpans(client, SPANS);
  const failed = await client.flush({ timeoutMs: 200 });
  await server.comeBack();
  const report = await client.flush();

  expect(failed).toMatchObject({ isComplete: false, delivered: 0, pending: SPANS });
  expect(failed.lastError).toBe("ECONNREFUSED");
  expect(report).toMatchObject({ isAllDelivered: true, delivered: SPANS });
  expectTakenOnce(server, ids);
  expect(lines()).toEqual([
    expect.stringMatching(
      /^Cannot deliver spans: ECONNREFUSED\. Check that http:\/\/127\.0\.0\.1:\d+ is right \(baseUrl, LANGFUSE_BASE_URL\) and is running; "npx playhead studio" starts a local one\. They are kept and tried again\.$/,
    ),
  ]);
});

it("sends again what was taken but never acknowledged, with the same ids", async () => {
  const lost: Fault = { kind: "lost answer" };
  const { server, client } = await faults.start(first(lost, lost));

  const ids = traceSpans(client, SPANS);
  const report = await client.flush();

  expect(report).toMatchObject({ isAllDelivered: true, delivered: SPANS });
  expectTaken(server, ids);
  expect(new Set(server.taken.values())).toEqual(new Set([3]));
  expect(new Set(server.acknowledged.values())).toEqual(new Set([1]));
});

it("loses nothing when connections are reset right after the answer", async () => {
  const { server, client } = await faults.start((index) =>
    index < 10 ? { kind: "reset after answer" } : HEALTHY,
  );

  const ids: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    ids.push(...traceSpans(client, 10));
    await client.flush();
  }

  expect(client.stats()).toMatchObject({ delivered: 100, pending: 0 });
  expectTaken(server, ids);
});

describe("takes the status for the answer when the rest of a success is cut off", () => {
  it.each<[string, Fault]>([
    ["in the middle of its body", { kind: "half answer", status: 200 }],
    ["in the middle of its gzip", { kind: "truncated gzip", status: 200 }],
  ])("%s", async (_, fault) => {
    const { server, client, lines } = await faults.start(always(fault));

    const ids = traceSpans(client, SPANS);
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: SPANS });
    expectTakenOnce(server, ids);
    expect(lines()).toEqual([]);
  });
});

it("delivers over connections that the server closes each time it has answered", async () => {
  const { server, client } = await faults.start(always({ kind: "close after answer" }));

  const ids: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    ids.push(...traceSpans(client, 10));
    expect((await client.flush()).isAllDelivered).toBe(true);
  }

  expectTakenOnce(server, ids);
});

describe("waits as long as the server asks for", () => {
  // A date has whole seconds: two seconds ahead are more than one.
  it.each([
    ["in seconds", () => "1"],
    ["as a date", () => new Date(Date.now() + 2_000).toUTCString()],
  ])("%s", async (_, retryAfter) => {
    const arrivals: number[] = [];
    const { server, client, lines } = await faults.start((index) => {
      arrivals.push(performance.now());
      if (index > 0) return HEALTHY;
      return { kind: "answer", status: 429, headers: { "retry-after": retryAfter() } };
    });

    const ids = traceSpans(client, SPANS);
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: SPANS });
    expectTakenOnce(server, ids);
    expect(arrivals).toHaveLength(2);
    // A timer may be early by a millisecond, and one second of a date is lost to rounding.
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(990);
    expect(lines()).toEqual(["Cannot deliver spans: HTTP 429. They are kept and tried again."]);
  });
});

it("does not wait in a flush for a pause beyond its deadline", async () => {
  const { client } = await faults.start(
    always({ kind: "answer", status: 429, headers: { "retry-after": "60" } }),
  );
  traceSpans(client, SPANS);

  const report = await client.flush({ timeoutMs: 5_000 });

  expect(report).toMatchObject({ isComplete: false, pending: SPANS, lastError: "HTTP 429" });
  expect(report.durationMs).toBeLessThan(4_000);
});

describe("splits what is too large for the endpoint until it fits", () => {
  it.each<[string, Fault]>([
    ["when it reads all of it first", { kind: "body limit", maxBytes: 3_000 }],
    [
      "when it answers at once and hangs up",
      { kind: "body limit", maxBytes: 3_000, isEarly: true },
    ],
  ])("%s", async (_, fault) => {
    const { server, client, lines } = await faults.start(always(fault));

    const ids = Array.from({ length: SPANS }, () => {
      const span = client.startSpan({ name: "large", input: randomText(1_000) });
      span.end();
      return span.id;
    });
    const report = await client.flush();

    expect(report).toMatchObject({ isAllDelivered: true, delivered: SPANS });
    expectTakenOnce(server, ids);
    expect(lines()).toEqual([]);
  });
});

it("stops sending while the keys are wrong, keeps what fits, says what to check, and goes on when they are right", async () => {
  const { server, client, lines, events } = await faults.start(
    always({ kind: "answer", status: 401, text: "Invalid credentials" }),
    { ...SEVERAL_BATCHES, publicKey: "pk-lf-1", secretKey: "sk-lf-1", flushIntervalMs: 20 },
  );

  const ids = traceSpans(client, SPANS);
  const refused = await client.flush();
  const requestsThen = server.requests.length;
  ids.push(...traceSpans(client, SPANS));
  await new Promise((resolve) => setTimeout(resolve, 200)); // ten times the flush interval
  const requestsLater = server.requests.length;
  server.script = always(HEALTHY);
  const report = await client.flush();

  expect(refused).toMatchObject({ isComplete: false, delivered: 0, pending: SPANS });
  expect(refused.durationMs).toBeLessThan(5_000);
  expect(requestsLater).toBe(requestsThen);
  expect(report).toMatchObject({ isAllDelivered: true, delivered: 2 * SPANS });
  expectTakenOnce(server, ids);
  expect(lines()).toEqual([
    "Cannot deliver spans: HTTP 401: Invalid credentials. Check publicKey and secretKey (LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY), and that they belong to this address. They are kept and tried again.",
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(["unreachable"]);
});

describe("keeps everything and says what to check", () => {
  it.each<[string, Fault, string]>([
    [
      "when the keys may not write",
      { kind: "answer", status: 403 },
      "HTTP 403. The keys are known but may not write here. Check which project they belong to.",
    ],
    [
      "when the address redirects",
      { kind: "answer", status: 308, headers: { location: "https://elsewhere.example/" } },
      "redirects. Set baseUrl (LANGFUSE_BASE_URL) to the address it leads to.",
    ],
    [
      "when a page answers that nothing is there",
      {
        kind: "answer",
        status: 404,
        headers: { "content-type": "text/html" },
        text: "<html><h1>Not Found</h1></html>",
      },
      "HTTP 404: Not Found. Nothing takes traces at",
    ],
  ])("%s", async (_, fault, message) => {
    const { server, client, lines } = await faults.start(always(fault));

    const ids = traceSpans(client, SPANS);
    const refused = await client.flush();
    server.script = always(HEALTHY);
    const report = await client.flush();

    expect(refused).toMatchObject({ isComplete: false, pending: SPANS });
    expect(report).toMatchObject({ isAllDelivered: true, delivered: SPANS });
    expectTakenOnce(server, ids);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toContain(message);
  });
});

it("shows of an HTML error page the words, on one line", async () => {
  const page =
    "<!DOCTYPE html><html><head><title>502</title></head>\n<body>\n<h1>Bad Gateway</h1></body></html>";
  const { client, lines } = await faults.start(first({ kind: "answer", status: 502, text: page }));

  traceSpans(client, 1);
  await client.flush();

  expect(lines()).toEqual([
    "Cannot deliver spans: HTTP 502: 502 Bad Gateway. They are kept and tried again.",
  ]);
});

it("loses no other span of a batch in which one is refused, and names that one", async () => {
  const { server, client, lines, events } = await faults.start(
    always({ kind: "bad item", isBad: ({ name }) => name === "span 37" }),
  );

  const ids = traceSpans(client, SPANS);
  const bad = ids[37] ?? "";
  const report = await client.flush();

  expect(report).toMatchObject({
    isComplete: true,
    delivered: SPANS - 1,
    rejected: 1,
    pending: 0,
    reasons: { "HTTP 400": 1 },
  });
  expectTakenOnce(
    server,
    ids.filter((id) => id !== bad),
  );
  expect(lines()).toEqual([expect.stringMatching(`^The endpoint refused span ${bad} of trace `)]);
  expect(events).toEqual([
    { kind: "rejected", signal: "spans", count: 1, reason: expect.stringContaining(bad) },
  ]);
});

it("says each episode in one line, and a new one after it worked in between", async () => {
  const down: Fault = { kind: "answer", status: 503 };
  const { client, lines } = await faults.start(first(down, down, HEALTHY, down, down));

  for (let round = 0; round < 2; round += 1) {
    traceSpans(client, 1);
    expect((await client.flush()).isAllDelivered).toBe(true);
  }

  const line = "Cannot deliver spans: HTTP 503. They are kept and tried again.";
  expect(lines()).toEqual([line, line]);
});

it("delivers by itself, without a flush, once the endpoint is back", async () => {
  const { server, client } = await faults.start(first({ kind: "answer", status: 503 }), {
    flushIntervalMs: 10,
  });

  const ids = traceSpans(client, SPANS);
  await until(() => client.stats().pending === 0);

  expectTakenOnce(server, ids);
});

/** Cannot be compressed to less than three quarters. */
function randomText(length: number): string {
  let text = "";
  while (text.length < length) text += Math.random().toString(36).slice(2);
  return text.slice(0, length);
}
