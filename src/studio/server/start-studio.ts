import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { PlayheadError } from "../../diagnostics/errors";
import { claimFile, type FileClaim, FileClaimedError } from "../store/file-claim";
import { indexInBackground } from "../store/search/index-in-background";
import { openSqliteStore } from "../store/sqlite-store";
import type { Store } from "../store/store";
import { createApp } from "./app";
import { type DemandedKeys, givenKeys, type OwnKeys, ownKeys } from "./demanded-keys";
import { createEventHub } from "./event-hub";
import { isLoopbackHost } from "./guards";
import { createIntake } from "./intake";
import { hashedKeys } from "./keys";
import {
  CLOSE_TIMEOUT_MS,
  HEADERS_TIMEOUT_MS,
  IDLE_SWEEP_MS,
  LIVE_MS,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  MAX_INTAKE_BYTES,
  MAX_RECENT_IDS,
  REQUEST_TIMEOUT_MS,
} from "./limits";
import { defaultPageDir } from "./page-routes";
import { createRecentIds } from "./recent-ids";
import { createRetention, scheduleRetention } from "./retention";
import { parseKeep, parseMaxSize } from "./retention-options";
import {
  databaseInUse,
  databaseUnusable,
  hostNeedsKeys,
  listenFailed,
  OPTION_NAMES,
  type OptionNames,
} from "./start-errors";
import { createWriteQueue } from "./write-queue";

export interface StudioOptions {
  /** TCP port; 0 takes any that is free. @default 7717 */
  port?: number | undefined;
  /** Address to listen on. Beyond loopback both keys are required. @default "127.0.0.1" */
  host?: string | undefined;
  /** SQLite file, created with its folder; `:memory:` keeps nothing. @default ".playhead/studio.db" */
  db?: string | undefined;
  /**
   * With `secretKey`: every request must carry the two, and readers of the page sign in with the
   * secret one. Without: everything is open.
   */
  publicKey?: string | undefined;
  secretKey?: string | undefined;
  /** Folder with the built page (`app.js`, `app.css`). @default the one of this package */
  pageDir?: string | undefined;
  /**
   * How long a session is kept after its last activity: `90m`, `12h`, `30d`, `4w`. Older ones are
   * deleted for good, in the background. @default for ever
   */
  keep?: string | undefined;
  /**
   * Size of the file above which the sessions that were idle longest are deleted: `500MB`, `2GB`.
   * @default any
   */
  maxSize?: string | undefined;
  /**
   * Where failed requests are told, and what `keep` and `maxSize` deleted. `console` fits.
   * @default none
   */
  logger?: { error(message: string): void; info?(message: string): void } | undefined;
}

/** A running studio. */
export interface Studio {
  /** Address to open and to send to, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly host: string;
  /** Path of the SQLite file, or `:memory:`. */
  readonly db: string;
  /** Stops listening, lets open requests finish, closes the file. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const DEFAULT_STUDIO_PORT = 7717;
export const DEFAULT_STUDIO_HOST = "127.0.0.1";
export const DEFAULT_STUDIO_DB = ".playhead/studio.db";

/**
 * Starts an endpoint that speaks Langfuse's protocol, keeps what it gets in SQLite and shows it.
 *
 * @throws PlayheadError `STUDIO_PORT_IN_USE`, `STUDIO_LISTEN_FAILED`, `STUDIO_DB_UNUSABLE`,
 * `STUDIO_DB_IN_USE`, `STUDIO_HOST_NEEDS_KEYS`, `STUDIO_SQLITE_MISSING`, or `INVALID_OPTIONS` when
 * one key is given without the other, or `keep` or `maxSize` cannot be read
 * @example
 * await using studio = await startStudio({ port: 0, db: ":memory:" });
 * const client = new Playhead({ baseUrl: studio.url });
 */
export async function startStudio(options: StudioOptions = {}): Promise<Studio> {
  return (await startStudioAs(OPTION_NAMES, options)).studio;
}

/** What a starter decides that users of `startStudio` do not. */
export interface StartSettings {
  /**
   * Whether the studio has keys of its own where none are given. `"when-needed"`: beyond loopback it
   * demands those it keeps in its file, made at the first start. `"new"`: it makes some in any case,
   * in the place of those before. @default it has none
   */
  readonly ownKeys?: OwnKeys;
  /** Time in which the headers of a request must be there, in milliseconds. @default 10 s */
  readonly headersTimeoutMs?: number;
  /** Time in which a request must be there with its body, in milliseconds. @default 60 s */
  readonly requestTimeoutMs?: number;
}

/** As {@link startStudio}, for a caller whose options have other names in what its user reads. */
export async function startStudioAs(
  names: OptionNames,
  options: StudioOptions,
  settings: StartSettings = {},
): Promise<{ readonly studio: Studio; readonly demanded: DemandedKeys }> {
  const {
    port = DEFAULT_STUDIO_PORT,
    host = DEFAULT_STUDIO_HOST,
    db = DEFAULT_STUDIO_DB,
    pageDir = defaultPageDir(),
    logger,
  } = options;
  const given = givenKeys(options, names);
  if (!isLoopbackHost(host) && given === undefined && settings.ownKeys === undefined) {
    throw hostNeedsKeys(host, names);
  }

  const keepMs = options.keep ? parseKeep(options.keep, names.keep) : undefined;
  const maxBytes = options.maxSize ? parseMaxSize(options.maxSize, names.maxSize) : undefined;

  const { store, claim } = await openStore(db, names);
  const { keys, demanded } =
    given === undefined
      ? ownKeys(store, settings.ownKeys, host)
      : { keys: given, demanded: { origin: "given" } as const };
  const events = createEventHub();
  const recent = createRecentIds(LIVE_MS, MAX_RECENT_IDS, () => performance.now());
  const writes = createWriteQueue({
    store,
    onChange(change) {
      recent.note(change);
      events.publish(change);
    },
  });
  const retention = createRetention({
    store,
    keepMs,
    maxBytes,
    recent,
    onChange: events.publish,
    report: (line) => logger?.info?.(line),
    now: Date.now,
  });
  const stopIndexing = indexInBackground(store.search, {
    onError: (error) =>
      logger?.error(`Filling the search failed, and is tried again: ${error.stack ?? error.name}`),
  });
  if (!store.search.isAvailable) {
    logger?.error(
      "This SQLite has no FTS5: only what came last is searched. Node 22.13 or newer has it, and so has @photostructure/sqlite.",
    );
  }
  const app = createApp({
    store,
    writes,
    intake: createIntake(MAX_INTAKE_BYTES),
    events,
    host,
    keys,
    pageDir,
    now: Date.now,
    onError: (error) => logger?.error(`A request failed: ${error.stack ?? error.name}`),
  });
  const { headersTimeoutMs = HEADERS_TIMEOUT_MS, requestTimeoutMs = REQUEST_TIMEOUT_MS } = settings;
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, headersTimeoutMs),
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    // The studio may run inside a user's program: its global Request and Response stay as they are.
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  );
  server.maxConnections = MAX_CONNECTIONS;
  let address: AddressInfo;
  let url: string;
  try {
    await listen(server, port, host);
    address = server.address() as AddressInfo; // listening on TCP, so it is one
    url = `http://${urlHost(host)}:${address.port}`;
    claim.announce(url);
  } catch (error) {
    server.close();
    stopIndexing();
    events.close();
    store.close();
    claim.release();
    if (error instanceof FileClaimedError) throw databaseInUse(error, db, names);
    throw listenFailed(error, { port, host }, names);
  }

  const endRetention = scheduleRetention(retention, (error) =>
    logger?.error(`Deleting what is too old or too much failed: ${error}`),
  );
  const close = once(async () => {
    events.close();
    await Promise.all([stop(server), endRetention()]);
    stopIndexing();
    writes.flush(); // of requests that were cut off
    store.close();
    claim.release();
  });
  try {
    // Not before it listens: keys of a start that failed would never be told to anyone.
    if (demanded.origin === "new") store.keys.put(hashedKeys(demanded), Date.now() * 1_000);
  } catch (error) {
    await close();
    throw databaseUnusable(error, db, names);
  }
  const studio: Studio = {
    url,
    port: address.port,
    host,
    db,
    close,
    [Symbol.asyncDispose]: close,
  };
  return { studio, demanded };
}

async function openStore(
  db: string,
  names: OptionNames,
): Promise<{ store: Store; claim: FileClaim }> {
  let claim: FileClaim | undefined;
  try {
    claim = await claimFile(db);
    return { store: await openSqliteStore(db), claim };
  } catch (error) {
    claim?.abandon();
    if (error instanceof FileClaimedError) throw databaseInUse(error, db, names);
    // A missing SQLite is another matter than the file, and says what to do.
    throw error instanceof PlayheadError ? error : databaseUnusable(error, db, names);
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host.replace(/^\[(.*)\]$/, "$1"), resolve);
  });
}

/** Lets requests finish, then cuts what is left. */
async function stop(server: Server): Promise<void> {
  // A connection kept alive becomes idle only when its last answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearInterval(sweep);
  clearTimeout(cut);
}

/** The host as a URL needs it: a wildcard is reached on loopback, IPv6 stands in brackets. */
function urlHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  const name = host.replace(/^\[(.*)\]$/, "$1");
  if (name === "::") return "[::1]";
  return name.includes(":") ? `[${name}]` : name;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
