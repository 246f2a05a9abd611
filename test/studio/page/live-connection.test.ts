import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEventParser, type ServerEvent } from "../../../src/studio/page/event-parser";
import {
  type Change,
  createLiveConnection,
  type LiveState,
} from "../../../src/studio/page/live-connection";
import { createEventHub, type EventHub } from "../../../src/studio/server/event-hub";

const changeOf = (traceId: string) => ({ sessionIds: [], traceIds: [traceId] });

describe("createEventParser", () => {
  const stream =
    "retry: 1000\nid: r-0\n\n: heartbeat\n\nid: r-1\nevent: change\ndata: {\ndata: }\n\n" +
    "event:reload\ndata\n\nid: r-2\nevent: cha";
  const expected: ServerEvent[] = [
    { id: "r-0", type: "message", data: null },
    { id: undefined, type: "message", data: null },
    { id: "r-1", type: "change", data: "{\n}" },
    { id: undefined, type: "reload", data: "" },
  ];

  it("reads the same events wherever the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const parse = createEventParser();
        const points = [0, ...cuts.sort((left, right) => left - right), stream.length];
        const events = points.flatMap((start, index) =>
          parse(stream.slice(start, points[index + 1])),
        );
        expect(events).toEqual(expected);
      }),
    );
  });
});

describe("createLiveConnection", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A connection to a hub, which can be put in the place of another, as when the studio restarts. */
  function connect(
    lastEventId: (hub: EventHub) => string | undefined = (hub) => hub.lastEventId(),
  ) {
    let hub = createEventHub();
    const changes: Change[] = [];
    const states: LiveState[] = [];
    /** When each attempt was made, by the fake clock. */
    const attempts: number[] = [];
    let answer: number | "nothing" | "silence" = 200;
    const onSignedOut = vi.fn(() => false);
    const connection = createLiveConnection({
      async open(from, signal) {
        attempts.push(Date.now());
        if (answer === "nothing") throw new TypeError("fetch failed");
        if (typeof answer === "number" && answer !== 200) {
          return new Response(null, { status: answer });
        }
        const stream =
          answer === "silence" ? new ReadableStream() : hub.subscribe({ lastEventId: from });
        if (stream === undefined) throw new Error("Expected a stream");
        const through = new TransformStream<Uint8Array, Uint8Array>();
        stream.pipeTo(through.writable, { signal }).catch(() => {}); // ends when it is cut
        return new Response(through.readable);
      },
      lastEventId: lastEventId(hub),
      onChange: (change) => changes.push(change),
      onState: (state) => states.push(state),
      onSignedOut,
      random: () => 1,
    });
    /** Lets all that is on its way arrive: promises, and streams, which take several turns. */
    const settle = () => vi.advanceTimersByTimeAsync(0);
    return {
      changes,
      states,
      attempts,
      onSignedOut,
      connection,
      settle,
      hub: () => hub,
      /** A status, no answer at all, or a stream that says nothing. */
      answerWith(next: number | "nothing" | "silence"): void {
        answer = next;
      },
      restart(): void {
        hub.close();
        hub = createEventHub();
      },
      async end(): Promise<void> {
        connection.close();
        hub.close();
        await settle();
        expect(vi.getTimerCount()).toBe(0);
      },
    };
  }

  it("hands on each change", async () => {
    const live = connect();
    await live.settle();
    live.hub().publish(changeOf("one"));
    live.hub().publish(changeOf("two"));
    await live.settle();
    expect(live.changes).toEqual([changeOf("one"), changeOf("two")]);
    expect(live.states).toEqual(["live"]);
    await live.end();
  });

  it("begins with what changed since the page was made", async () => {
    const live = connect((hub) => {
      const id = hub.lastEventId();
      hub.publish(changeOf("between"));
      return id;
    });
    await live.settle();
    expect(live.changes).toEqual([changeOf("between")]);
    await live.end();
  });

  it("has all read again when the studio was started anew", async () => {
    const live = connect();
    await live.settle();
    live.restart();
    await live.settle();
    expect(live.states).toEqual(["live", "lost"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live.states).toEqual(["live", "lost", "live"]);
    expect(live.changes).toEqual([null]);
    live.hub().publish(changeOf("after"));
    await live.settle();
    expect(live.changes).toEqual([null, changeOf("after")]);
    await live.end();
  });

  it("waits longer after each failure, thirty seconds at most, and briefly again after a success", async () => {
    const live = connect();
    live.answerWith("nothing");
    live.restart();
    await vi.advanceTimersByTimeAsync(125_000);
    const { attempts } = live;
    const waits = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    live.answerWith(200);
    await vi.advanceTimersByTimeAsync(30_000);
    live.restart();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live.states.slice(-3)).toEqual(["live", "lost", "live"]);
    await live.end();
  });

  it.each([500, 503])("tries again after the status %d", async (status) => {
    const live = connect();
    await live.settle();
    live.answerWith(status);
    live.restart();
    await vi.advanceTimersByTimeAsync(1_000);
    live.answerWith(200);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(live.states).toEqual(["live", "lost", "lost", "live"]);
    await live.end();
  });

  it("does not wait when it is told that it is worth trying", async () => {
    const live = connect();
    live.answerWith("nothing");
    await vi.advanceTimersByTimeAsync(20_000);
    live.answerWith(200);
    live.connection.retryNow();
    await live.settle();
    expect(live.states.at(-1)).toBe("live");
    await live.end();
  });

  it("says once that a sign-in is asked for, and tries no more", async () => {
    const live = connect();
    live.answerWith(401);
    live.restart();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(live.onSignedOut).toHaveBeenCalledOnce();
    await live.end();
  });

  it("tries on where the page stays when a sign-in is asked for", async () => {
    const live = connect();
    live.onSignedOut.mockReturnValue(true);
    live.answerWith(401);
    await live.settle();
    live.restart();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live.onSignedOut).toHaveBeenCalledOnce();
    live.answerWith(200);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(live.states).toEqual(["live", "lost", "lost", "live"]);
    await live.end();
  });

  it("takes a connection that says nothing for dead, and misses nothing by that", async () => {
    const live = connect();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(live.states).toEqual(["live"]); // the heartbeats of the hub keep it
    live.answerWith("silence");
    live.restart();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live.states).toEqual(["live", "lost", "live"]);
    live.answerWith(200);
    await vi.advanceTimersByTimeAsync(44_999);
    expect(live.states).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(live.states.slice(3)).toEqual(["lost"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live.states.slice(3)).toEqual(["lost", "live"]);
    expect(live.changes).toEqual([null]);
    await live.end();
  });
});
