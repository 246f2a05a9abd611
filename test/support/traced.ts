import { afterEach, beforeEach } from "vitest";
import { Playhead } from "../../src/client/playhead";
import type { PlayheadOptions } from "../../src/config/options";
import { type OtlpSink, startOtlpSink } from "./otlp-sink";
import { createRecordingLogger, type RecordingLogger } from "./recording-logger";

export interface Traced {
  readonly client: Playhead;
  readonly sink: OtlpSink;
  readonly logger: RecordingLogger;
  /** Another client on the same endpoint, shut down with the test. */
  createClient(options?: PlayheadOptions): Playhead;
}

/** Gives each test of the file a client and a real endpoint of its own. */
export function useTraced(options: PlayheadOptions = {}): Traced {
  let current: { client: Playhead; sink: OtlpSink; logger: RecordingLogger } | undefined;
  let clients: Playhead[] = [];
  const read = () => {
    if (current === undefined) throw new Error("Only within a test");
    return current;
  };
  const createClient = (more: PlayheadOptions = {}): Playhead => {
    const { sink, logger } = read();
    const client = new Playhead({ baseUrl: sink.url, logger, ...options, ...more });
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    const sink = await startOtlpSink();
    const logger = createRecordingLogger();
    const client = new Playhead({ baseUrl: sink.url, logger, ...options });
    current = { client, sink, logger };
    clients = [client];
  });
  afterEach(async () => {
    for (const client of clients) await client.shutdown();
    await current?.sink[Symbol.asyncDispose]();
    current = undefined;
  });

  return {
    get client() {
      return read().client;
    },
    get sink() {
      return read().sink;
    },
    get logger() {
      return read().logger;
    },
    createClient,
  };
}
