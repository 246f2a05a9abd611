import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  createEventHub,
  type EventHub,
  type Subscription,
} from "../../../src/studio/server/event-hub";
import {
  HEARTBEAT_MS,
  MAX_EVENT_BACKLOG_BYTES,
  MAX_EVENT_STREAMS,
  MAX_KEPT_EVENT_BYTES,
  MAX_KEPT_EVENTS,
} from "../../../src/studio/server/limits";
import { OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

/** Reads a stream of server-sent events, message by message. */
function messagesOf(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffered = "";
  return {
    /** The next message without its blank line; undefined when the stream has ended. */
    async next(): Promise<string | undefined> {
      for (;;) {
        const end = buffered.indexOf("\n\n");
        if (end >= 0) {
          const message = buffered.slice(0, end);
          buffered = buffered.slice(end + 2);
          return message;
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        buffered += decoder.decode(value, { stream: true });
      }
    },
    cancel: () => reader.cancel(),
  };
}

describe("GET /api/studio/events", () => {
  async function listen(url: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}/api/studio/events`, { headers });
    if (response.body === null) throw new Error("Expected a stream");
    const messages = messagesOf(response.body);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const first = (await messages.next()) ?? "";
    const [, id = ""] = /^retry: 1000\nid: (\S+)/.exec(first) ?? [];
    expect(id).toMatch(/^[0-9a-f]{12}-\d+$/);
    return { ...messages, first, id };
  }

  it("tells each listener what a batch changed, once it is stored", async () => {
    const studio = await openStudio();
    const listeners = [await listen(studio.url), await listen(studio.url)];
    await post(studio, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
    await post(studio, "/api/public/scores", '{"traceId":"t","name":"n","value":1}');
    const change = 'event: change\ndata: {"sessionIds":["s"],"traceIds":["t"]}';
    for (const listener of listeners) {
      const [run] = listener.id.split("-");
      expect(await listener.next()).toBe(`id: ${run}-1\n${change}`);
      expect(await listener.next()).toBe(`id: ${run}-2\n${change}`);
    }
  });

  it("tells nothing when the same batch comes again", async () => {
    const studio = await openStudio();
    await post(studio, OTLP_PATH, otlpJson({}));
    const listener = await listen(studio.url);
    await post(studio, OTLP_PATH, otlpJson({}));
    await post(studio, OTLP_PATH, otlpJson({ traceId: "next" }));
    expect(await listener.next()).toContain('"traceIds":["next"]');
  });

  it("ends when the studio closes", async () => {
    const studio = await openStudio();
    const listener = await listen(studio.url);
    await studio.close();
    expect(await listener.next()).toBeUndefined();
  });

  it("goes on when a listener has gone", async () => {
    const studio = await openStudio();
    const gone = await listen(studio.url);
    const stays = await listen(studio.url);
    await gone.cancel();
    await post(studio, OTLP_PATH, otlpJson({}));
    expect(await stays.next()).toContain('"traceIds":["t"]');
  });

  it("goes on after the event that the listener names, and begins there for a new one", async () => {
    const studio = await openStudio();
    const before = await listen(studio.url);
    await post(studio, OTLP_PATH, otlpJson({ traceId: "one" }));
    const first = await before.next();
    await before.cancel();
    await post(studio, OTLP_PATH, otlpJson({ traceId: "two" }));
    await post(studio, OTLP_PATH, otlpJson({ traceId: "three" }));
    const [, id = ""] = /^id: (\S+)/.exec(first ?? "") ?? [];
    const again = await listen(studio.url, { "last-event-id": id });
    expect(await again.next()).toContain('"traceIds":["two"]');
    expect(await again.next()).toContain('"traceIds":["three"]');
    const fresh = await listen(studio.url);
    await post(studio, OTLP_PATH, otlpJson({ traceId: "four" }));
    expect(await fresh.next()).toContain('"traceIds":["four"]');
  });

  it("says that all must be read again to a listener of an earlier run", async () => {
    const db = ":memory:";
    const earlier = await openStudio({ db });
    const { id } = await listen(earlier.url);
    await earlier.close();
    const studio = await openStudio({ db });
    const again = await listen(studio.url, { "last-event-id": id });
    expect(again.first).toContain("event: reload\ndata: {}");
    expect(again.id).not.toBe(id);
    await post(studio, OTLP_PATH, otlpJson({ traceId: "new" }));
    expect(await again.next()).toContain('"traceIds":["new"]');
  });

  it("cuts the connection of a listener that reads nothing, and serves the others", async () => {
    const studio = await openStudio();
    const socket = connect(studio.port, studio.host);
    onTestFinished(() => void socket.destroy());
    socket.write("GET /api/studio/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    socket.on("error", () => {}); // a reset is one way of being cut
    await once(socket, "readable"); // and from here on nothing is read
    const reading = await listen(studio.url);
    const isCut = once(socket, "close");
    // More than the buffers of both ends of a connection hold, and the backlog that is allowed.
    const sessionId = "s".repeat(1_000_000);
    for (let index = 0; index < 24; index += 1) {
      const attributes = { "session.id": sessionId };
      await post(studio, OTLP_PATH, otlpJson({ traceId: `t${index}`, attributes }));
      expect(await reading.next()).toContain(`"traceIds":["t${index}"]`);
    }
    let receivedBytes = 0;
    socket.on("data", (chunk: Buffer) => {
      receivedBytes += chunk.length;
    });
    socket.resume();
    await isCut;
    expect(receivedBytes).toBeLessThan(24_000_000);
  });

  it("opens no stream for HEAD, however often", async () => {
    const studio = await openStudio();
    for (let index = 0; index <= MAX_EVENT_STREAMS; index += 1) {
      const head = await fetch(`${studio.url}/api/studio/events`, { method: "HEAD" });
      expect(head.status).toBe(200);
    }
    await listen(studio.url);
  });
});

describe("createEventHub", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function subscribeTo(hub: EventHub, subscription?: Subscription): ReadableStream<Uint8Array> {
    const stream = hub.subscribe(subscription);
    if (stream === undefined) throw new Error("Expected a stream, got none");
    return stream;
  }

  const changeOf = (traceId: string) => ({ sessionIds: [], traceIds: [traceId] });

  it("sends a comment as heartbeat", async () => {
    const hub = createEventHub();
    const messages = messagesOf(subscribeTo(hub));
    await messages.next();
    vi.advanceTimersByTime(HEARTBEAT_MS);
    expect(await messages.next()).toBe(": heartbeat");
    hub.close();
  });

  it("cuts off a listener that does not read, and keeps the one that does", async () => {
    const hub = createEventHub();
    const cut = vi.fn();
    const stuck = subscribeTo(hub, { cut });
    const change = { sessionIds: [], traceIds: ["x".repeat(MAX_EVENT_BACKLOG_BYTES)] };
    hub.publish(change);
    expect(cut).not.toHaveBeenCalled();
    hub.publish(change);
    expect(cut).toHaveBeenCalledOnce();
    const reading = messagesOf(subscribeTo(hub));
    await reading.next();
    hub.publish({ sessionIds: [], traceIds: ["small"] });
    expect(await reading.next()).toContain("small");
    expect(cut).toHaveBeenCalledOnce();

    const messages = messagesOf(stuck);
    expect(await messages.next()).toContain("retry: 1000");
    expect(await messages.next()).toContain("xxx");
    expect(await messages.next()).toBeUndefined();
    hub.close();
  });

  it("ends a stream that is opened after it was closed", async () => {
    const hub = createEventHub();
    hub.close();
    const messages = messagesOf(subscribeTo(hub));
    expect(await messages.next()).toContain("retry: 1000");
    expect(await messages.next()).toBeUndefined();
  });

  it("keeps no more events than its bounds, and says so to who asks for more", async () => {
    const hub = createEventHub();
    const start = hub.lastEventId();
    hub.publish(changeOf("lost"));
    const known = hub.lastEventId();
    for (let index = 0; index < MAX_KEPT_EVENTS; index += 1) hub.publish(changeOf(`t${index}`));
    expect(await messagesOf(subscribeTo(hub, { lastEventId: start })).next()).toContain("reload");
    const resumed = messagesOf(subscribeTo(hub, { lastEventId: known }));
    expect(await resumed.next()).toBe(`retry: 1000\nid: ${known}`);
    expect(await resumed.next()).toContain('"traceIds":["t0"]');

    hub.publish(changeOf("x".repeat(MAX_KEPT_EVENT_BYTES)));
    hub.publish(changeOf("last"));
    const late = messagesOf(subscribeTo(hub, { lastEventId: known }));
    expect(await late.next()).toContain("reload");
    hub.close();
  });

  it.each(["", "0", "x-1", "-1", "ffffffffffff-0", "NEWEST9", "NEWEST-1"])(
    "takes the id %j, which it never gave, for one of another run",
    async (given) => {
      const hub = createEventHub();
      const lastEventId = given.replace("NEWEST", hub.lastEventId());
      expect(await messagesOf(subscribeTo(hub, { lastEventId })).next()).toContain("reload");
      hub.close();
    },
  );

  it("sends nothing to a reader who may not read any more", async () => {
    const hub = createEventHub();
    let mayRead = true;
    const messages = messagesOf(subscribeTo(hub, { mayRead: () => mayRead }));
    await messages.next();
    hub.publish(changeOf("seen"));
    mayRead = false;
    hub.publish(changeOf("secret"));
    expect(await messages.next()).toContain("seen");
    expect(await messages.next()).toBeUndefined();
    hub.close();
  });

  it("opens only so many streams at a time", async () => {
    const hub = createEventHub();
    const streams = Array.from({ length: MAX_EVENT_STREAMS }, () => subscribeTo(hub));
    expect(hub.subscribe()).toBeUndefined();
    await streams[0]?.cancel();
    subscribeTo(hub);
    hub.close();
  });
});
