import { afterEach, beforeEach, expect } from "vitest";
import { Playhead } from "../../../src/client/playhead";
import type { PlayheadOptions } from "../../../src/config/options";
import type { DeliveryEvent, Stats } from "../../../src/diagnostics/stats";
import { type FaultServer, type Script, startFaultServer } from "../../support/fault-server";
import { createRecordingLogger } from "../../support/recording-logger";

/** A client and the server it sends to. */
export interface Faults {
  readonly server: FaultServer;
  readonly client: Playhead;
  /** What the client wrote for people, without its prefix. */
  lines(): string[];
  /** What `onError` was told. */
  readonly events: readonly DeliveryEvent[];
}

export interface FaultsSetup {
  /** Gives the test a server with a script, and a client that sends to it. */
  start(script: Script, options?: PlayheadOptions): Promise<Faults>;
  /** Another server, which ends with the test. */
  startServer(script?: Script): Promise<FaultServer>;
}

/** Ends servers and clients with each test, and checks that every account is balanced. */
export function useFaults(): FaultsSetup {
  let clients: Playhead[] = [];
  let servers: FaultServer[] = [];
  beforeEach(() => {
    clients = [];
    servers = [];
  });
  afterEach(async () => {
    // What cannot be delivered fails at once when the connection is refused.
    for (const server of servers) await server[Symbol.asyncDispose]();
    for (const client of clients) {
      await client.shutdown();
      expectBalanced(client.stats());
    }
  });

  const startServer = async (script?: Script): Promise<FaultServer> => {
    const server = await startFaultServer(script);
    servers.push(server);
    return server;
  };
  return {
    startServer,
    async start(script, options = {}) {
      const server = await startServer(script);
      const logger = createRecordingLogger();
      const events: DeliveryEvent[] = [];
      const client = new Playhead({
        baseUrl: server.url,
        logger,
        onError: (event) => events.push(event),
        spool: false,
        shutdownTimeoutMs: 0,
        ...options,
      });
      clients.push(client);
      return {
        server,
        client,
        events,
        lines: () => logger.lines.map((line) => line.replace("[playhead] ", "")),
      };
    },
  };
}

/** `offered = delivered + rejected + dropped + pending`, for spans, bytes and scores. */
function expectBalanced(stats: Omit<Stats, "held" | "targets">): void {
  for (const { offered, delivered, rejected, dropped, pending } of [
    stats,
    stats.bytes,
    stats.scores,
  ]) {
    expect(delivered + rejected + dropped + pending).toBe(offered);
  }
}

/** Starts and ends traces of one span each. @returns their ids */
export function traceSpans(
  client: Playhead,
  count: number,
  nameOf: (index: number) => string = (index) => `span ${index}`,
): string[] {
  return Array.from({ length: count }, (_, index) => {
    const span = client.startSpan({ name: nameOf(index), input: { index } });
    span.end();
    return span.id;
  });
}

/** That the server took each of these, once, and no other; and got none after acknowledging it. */
export function expectTakenOnce(server: FaultServer, ids: readonly string[]): void {
  expect([...server.taken.keys()].sort()).toEqual([...ids].sort());
  expect([...server.taken.values()].filter((count) => count !== 1)).toEqual([]);
  expect(server.repeated).toEqual([]);
}

/** That nothing was lost: the server took each of these and got none after acknowledging it. */
export function expectTaken(server: FaultServer, ids: readonly string[]): void {
  expect([...server.taken.keys()].sort()).toEqual([...ids].sort());
  expect(server.repeated).toEqual([]);
}

/** Polls, with a deadline. */
export async function until(isTrue: () => boolean, deadlineMs = 10_000): Promise<void> {
  const deadlineAt = performance.now() + deadlineMs;
  while (!isTrue()) {
    if (performance.now() > deadlineAt) throw new Error(`Not true within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
