import type http from "node:http";
import type { Agent, AgentOptions, ClientRequest, RequestOptions } from "node:http";
import type { LookupFunction } from "node:net";

/** Servers of Node's own kind close a connection that is idle for five seconds: ours must be sooner. */
const IDLE_MS = 4_000;

/** Uploads go to an address of their own each. */
const MAX_PLACES = 16;

/** Node's client for one protocol. */
interface Client {
  readonly module: Pick<typeof http, "request">;
  readonly agent: Agent;
}

export interface ConnectionsOptions {
  /** Requests at the same time; more wait for a connection. */
  readonly maxPerOrigin: number;
  /** After which an idle connection is closed, in milliseconds. @default 4000 */
  readonly idleMs?: number;
  /** Finds the address of a name, each time that a connection is made. @default Node's own */
  readonly lookup?: LookupFunction | undefined;
}

type Place = Record<"protocol" | "hostname" | "port" | "path", string>;
type RequestHead = Pick<RequestOptions, "method" | "headers">;

/**
 * Keep-alive connections by Node's own client, to any origin. Nothing of it is loaded before the first
 * request. Connections that are idle do not keep the process alive.
 */
export class Connections {
  readonly #options: AgentOptions;
  /** By protocol. */
  readonly #clients = new Map<string, Client>();
  /** By address: the same few come again and again, and reading one takes longer than looking it up. */
  readonly #places = new Map<string, Place>();
  readonly #open = new Set<ClientRequest>();
  #interruptions = 0;

  constructor({ maxPerOrigin, idleMs = IDLE_MS, lookup }: ConnectionsOptions) {
    const own = lookup === undefined ? {} : { lookup };
    this.#options = { keepAlive: true, maxSockets: maxPerOrigin, timeout: idleMs, ...own };
  }

  /**
   * Starts a request, whose body is still to be given. Throws where a header cannot be sent.
   * @returns a promise only where Node's client has to be loaded first
   */
  start(url: string, head: RequestHead): ClientRequest | Promise<ClientRequest> {
    const place = this.#placeOf(url);
    const client = this.#clients.get(place.protocol);
    return client === undefined ? this.#startFirst(place, head) : this.#start(client, place, head);
  }

  async #startFirst(place: Place, head: RequestHead): Promise<ClientRequest> {
    const interruptions = this.#interruptions;
    const request = this.#start(await this.#load(place.protocol), place, head);
    if (interruptions !== this.#interruptions) request.destroy(interrupted());
    return request;
  }

  #start({ module, agent }: Client, place: Place, head: RequestHead): ClientRequest {
    // Asked for each time, since instrumentations patch it whenever they like.
    const request = module.request({ ...place, ...head, agent });
    this.#open.add(request);
    request.once("close", () => this.#open.delete(request));
    return request;
  }

  #placeOf(url: string): Place {
    const known = this.#places.get(url);
    if (known !== undefined) return known;
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const host = hostname.replace(/^\[(.*)\]$/, "$1"); // IPv6
    const place = { protocol, hostname: host, port, path: pathname + search };
    if (this.#places.size >= MAX_PLACES) this.#places.clear();
    this.#places.set(url, place);
    return place;
  }

  async #load(protocol: string): Promise<Client> {
    const loaded = protocol === "https:" ? await import("node:https") : await import("node:http");
    // Somebody else may have waited for it, too, and have made the agent.
    const client = this.#clients.get(protocol) ?? {
      module: loaded.default,
      agent: new loaded.Agent(this.#options),
    };
    this.#clients.set(protocol, client);
    return client;
  }

  /** Ends the requests on their way, and the connections. New ones may be made after it. */
  interrupt(): void {
    this.#interruptions += 1;
    for (const request of this.#open) request.destroy(interrupted());
    for (const { agent } of this.#clients.values()) agent.destroy();
  }
}

function interrupted(): Error {
  return new Error("connection closed");
}
