/**
 * Traces, and ends in the way that END names. Without WITH_PLAYHEAD it is the same program without
 * tracing, so that a test can compare how both end.
 *
 * OTHER: a listener for SIGTERM and SIGINT besides Playhead's, added "before" or "after" it; OTHER_IS
 * says which kind. CLIENTS: how many clients trace (default 1). DURABLE: write at once.
 */

const { END, OTHER, OTHER_IS, WITH_PLAYHEAD, CLIENTS = "1", DURABLE } = process.env;
const SIGNALS = ["SIGTERM", "SIGINT"];

const OTHERS = {
  /** A server that stops in good order. */
  once: () => {
    for (const signal of SIGNALS) process.once(signal, stopSoon);
  },
  on: () => {
    for (const signal of SIGNALS) process.on(signal, stopSoon);
  },
  /** Lets the program come to its natural end. */
  release: () => {
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        console.log(`other: ${signal}`);
        clearInterval(busy);
      });
    }
  },
  exitAtOnce: () => {
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        console.log(`other: ${signal}`);
        process.exit(5);
      });
    }
  },
  /** Does nothing unless it is alone, as the listeners of the package signal-exit. */
  polite: () => {
    const emitter = { count: 1 };
    Object.defineProperty(globalThis, Symbol.for("signal-exit emitter"), { value: emitter });
    for (const signal of SIGNALS) {
      const listener = () => {
        if (process.listeners(signal).length !== emitter.count) return;
        console.log(`other: ${signal}`);
        process.off(signal, listener);
        process.kill(process.pid, signal);
      };
      process.on(signal, listener);
    }
  },
};

function stopSoon(signal) {
  console.log(`other: ${signal}`);
  setTimeout(() => process.exit(5), 50);
}

let busy;
const clients = [];
if (OTHER === "before") OTHERS[OTHER_IS]();
if (WITH_PLAYHEAD) await trace();
if (OTHER === "after") OTHERS[OTHER_IS]();
process.on("exit", (code) => console.log(`exit: ${code}`));

switch (END) {
  case "natural":
    process.exitCode = 3;
    break;
  case "late work":
    process.once("beforeExit", () => {
      setTimeout(() => clients[0].startSpan("0: late").end(), 50);
    });
    break;
  case "process.exit":
    process.exit(3);
    break;
  case "throw":
    throw new Error("the program's own");
  case "reject":
    void Promise.reject(new Error("the program's own"));
    break;
  default: // a signal comes from outside
    busy = setInterval(() => undefined, 1_000);
    console.log("ready");
}

/** Per client four spans and a score that have ended, one span held, and one that never ends. */
async function trace() {
  const { Playhead } = await import("playhead");
  for (let index = 0; index < Number(CLIENTS); index += 1) {
    const client = new Playhead({
      publicKey: `pk-${index}`,
      secretKey: "sk",
      ...(DURABLE ? { spool: { dir: process.env.PLAYHEAD_SPOOL_DIR, durable: true } } : {}),
    });
    clients.push(client);
    client.startAsCurrentSpan(`${index}: root`, () => {
      for (let step = 0; step < 2; step += 1) client.startSpan(`${index}: step ${step}`).end();
    });
    const open = client.startSpan(`${index}: never ends`);
    open.startSpan(`${index}: held`).end();
    client.createScore({ name: `${index}: score`, value: 1, sessionId: "exit" });
  }
}
