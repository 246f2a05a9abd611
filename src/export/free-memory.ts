/** Less is not worth the call, and may be a part of what Node shares among small buffers. */
const MIN_BYTES = 64 * 1024;

let closedPort: MessagePort | undefined;

/**
 * Gives memory back at once. The engine collects what is outside of its heap late: of bodies that
 * were sent, tens of megabytes gather in a burst of requests.
 *
 * By sending it to a port that nobody listens at: what is transferred is gone here, and nobody gets it.
 * @param pieces - views on memory that nobody else looks at; empty from now on
 */
export function freeMemory(pieces: readonly Uint8Array[]): void {
  for (const { buffer } of pieces) {
    if (buffer.byteLength < MIN_BYTES) continue; // also of a piece that stood in the same memory
    try {
      closedPort ??= createClosedPort();
      closedPort.postMessage(undefined, [buffer as ArrayBuffer]); // of a shared one it is refused
    } catch {
      // It cannot be transferred, or a test's browser-like globals have no ports: left to the engine.
    }
  }
}

function createClosedPort(): MessagePort {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}
