import { always, type Fault, HEALTHY, type Script } from "../test/support/fault-server";
import { INGESTION_PATH } from "../test/support/received-items";

/** What the server does for a while. */
export interface Weather {
  /** "down" means that nothing listens. */
  readonly script: Script | "down";
}

/** Name of the spans that a server may refuse for good; nobody expects them to arrive. */
export const POISON = "poison";

const HTML = { "content-type": "text/html" };
const PAGE = "<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>";

/**
 * Every way to fail from which a delivery can recover. Healthy spells stand among them so that
 * something is acknowledged now and then.
 * @param random - uniform in [0, 1)
 */
export function pickWeather(random: () => number): Weather {
  const below = (max: number): number => Math.floor(random() * max);
  const pick = <Value>(...values: readonly [Value, ...Value[]]): Value =>
    values[below(values.length)] ?? values[0];
  const answer = (status: number, text = "", headers: Record<string, string> = {}): Fault => ({
    kind: "answer",
    ...{ status, text, headers },
  });
  const make = pick<() => Fault | Script | "down">(
    () => HEALTHY,
    () => HEALTHY,
    () => HEALTHY,
    () => HEALTHY,
    () => "down",
    () => "down",
    () => ({ kind: "answer", delayMs: 20 + below(300) }),
    () => answer(pick(500, 502, 503, 504, 408)),
    () => answer(502, PAGE, HTML),
    () => answer(429),
    () => answer(429, "", { "retry-after": "1" }),
    () => answer(pick(401, 403)),
    () => answer(404, PAGE, HTML),
    () => answer(308, "", { location: "/elsewhere" }),
    () => ({ kind: "reset in request", afterBytes: below(20_000) }),
    () => ({ kind: "reset before answer" }),
    () => ({ kind: pick("reset after answer", "lost answer") }),
    () => ({ kind: "stall" }),
    () => ({ kind: "half answer", status: pick(200, 503) }),
    () => ({ kind: "truncated gzip", status: pick(200, 503) }),
    () => ({ kind: "close after answer" }),
    () => ({ kind: "body limit", maxBytes: 5_000 + below(30_000), isEarly: pick(true, false) }),
    () => ({ kind: "bad item", isBad: ({ name }) => name === POISON }),
    () => (_, path) => {
      if (path !== INGESTION_PATH) return HEALTHY;
      return { kind: "per item", judge: () => ({ status: pick(201, 201, 500) }) };
    },
  )();
  return { script: typeof make === "object" ? always(make) : make };
}
