import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEventHub } from "../../../src/studio/server/event-hub";
import { HEARTBEAT_MS, MAX_EVENT_BACKLOG_BYTES } from "../../../src/studio/server/limits";
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
  async function listen(url: string) {
    const response = await fetch(`${url}/api/studio/events`);
    if (response.body === null) throw new Error("Expected a stream");
    const messages = messagesOf(response.body);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(await messages.next()).toBe("retry: 1000");
    return messages;
  }

  it("tells each listener what a batch changed, once it is stored", async () => {
    const studio = await openStudio();
    const listeners = [await listen(studio.url), await listen(studio.url)];
    await post(studio, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
    await post(studio, "/api/public/scores", '{"traceId":"t","name":"n","value":1}');
    const change = 'event: change\ndata: {"sessionIds":["s"],"traceIds":["t"]}';
    for (const listener of listeners) {
      expect(await listener.next()).toBe(change);
      expect(await listener.next()).toBe(change);
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
});

describe("createEventHub", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("sends a comment as heartbeat", async () => {
    const hub = createEventHub();
    const messages = messagesOf(hub.subscribe());
    await messages.next();
    vi.advanceTimersByTime(HEARTBEAT_MS);
    expect(await messages.next()).toBe(": heartbeat");
    hub.close();
  });

  it("cuts off a listener that does not read, and keeps the one that does", async () => {
    const hub = createEventHub();
    const stuck = hub.subscribe();
    const change = { sessionIds: [], traceIds: ["x".repeat(MAX_EVENT_BACKLOG_BYTES)] };
    hub.publish(change);
    hub.publish(change);
    const reading = messagesOf(hub.subscribe());
    await reading.next();
    hub.publish({ sessionIds: [], traceIds: ["small"] });
    expect(await reading.next()).toContain("small");

    const messages = messagesOf(stuck);
    expect(await messages.next()).toBe("retry: 1000");
    expect(await messages.next()).toContain("xxx");
    expect(await messages.next()).toBeUndefined();
    hub.close();
  });

  it("ends a stream that is opened after it was closed", async () => {
    const hub = createEventHub();
    hub.close();
    const messages = messagesOf(hub.subscribe());
    expect(await messages.next()).toBe("retry: 1000");
    expect(await messages.next()).toBeUndefined();
  });
});
