import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/** The connections that a connector has made. */
export class OpenSockets {
  readonly #open = new Set<Socket>();

  /** @returns a connector that does as the one given, watched */
  watch(connect: buildConnector.connector): buildConnector.connector {
    return (options, callback) => {
      connect(options, (...result) => {
        const [error, socket] = result;
        if (error === null) this.#add(socket);
        callback(...result);
      });
    };
  }

  /** Everything that was given to them is with the operating system, or will never be. */
  get isAllWritten(): boolean {
    for (const { writableLength } of this.#open) if (writableLength > 0) return false;
    return true;
  }

  #add(socket: Socket): void {
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
  }
}
