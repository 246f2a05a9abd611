import type { Agent, AgentOptions, ClientRequest, RequestOptions } from "node:http";

/** Servers of Node's own kind close a connection that is idle for five seconds: ours must be sooner. */
const IDLE_MS = 4_000;

/**
 * Keep-alive connections by Node's own client, to any origin. Nothing of it is loaded before the first
 * request. Connections that are idle do not keep the process alive.
 */
export class Connections {
  readonly #options: AgentOptions;
  /** By protocol. */
  readonly #agents = new Map<string, Agent>();
  readonly #open = new Set<ClientRequest>();
  #interruptions = 0;

  /**
   * @param maxPerOrigin - requests at the same time; more wait for a connection
   * @param idleMs - after which an idle connection is closed, in milliseconds
   */
  constructor(maxPerOrigin: number, idleMs = IDLE_MS) {
    this.#options = { keepAlive: true, maxSockets: maxPerOrigin, timeout: idleMs };
  }

  /** Starts a request, whose body is still to be given. Throws where a header cannot be sent. */
  async start(
    { protocol, hostname, port, pathname, search }: URL,
    { method, headers }: Pick<RequestOptions, "method" | "headers">,
  ): Promise<ClientRequest> {
    const interruptions = this.#interruptions;
    const client = protocol === "https:" ? await import("node:https") : await import("node:http");
    const agent = this.#agents.get(protocol) ?? new client.Agent(this.#options);
    this.#agents.set(protocol, agent);
    // Of the default export, which is what instrumentations patch.
    const request = client.default.request({
      agent,
      method,
      headers,
      hostname: hostname.replace(/^\[(.*)\]$/, "$1"), // IPv6
      port,
      path: pathname + search,
    });
    this.#open.add(request);
    request.once("close", () => this.#open.delete(request));
    if (interruptions !== this.#interruptions) request.destroy(interrupted());
    return request;
  }

  /** Ends the requests on their way, and the connections. New ones may be made after it. */
  interrupt(): void {
    this.#interruptions += 1;
    for (const request of this.#open) request.destroy(interrupted());
    for (const agent of this.#agents.values()) agent.destroy();
  }
}

function interrupted(): Error {
  return new Error("connection closed");
}
