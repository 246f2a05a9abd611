import { PlayheadError } from "../../diagnostics/errors";
import { askStudioPatiently, brokenOff } from "../ask-studio";
import type { StudioAddress } from "../studio-address";

/** What is written as one, an entry of a list. */
export interface Part {
  readonly id: string;
  /** As problems call it: "Score abc". */
  readonly name: string;
  readonly json: string;
}

export interface PartsTarget {
  readonly path: string;
  /** The property of the body that takes the list. */
  readonly list: string;
  /** Further properties of the body. */
  readonly others?: object;
}

/** Where a part is refused for itself: the next one may do. */
export type PartsOutcome =
  | { readonly status: "written"; readonly parts: readonly Part[]; readonly answer: unknown }
  | { readonly status: "refused"; readonly part: Part; readonly reason: string };

/** Of one request, unless a single part is more. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_PARTS = 100;
/** For one request, in milliseconds. */
const WRITE_TIMEOUT_MS = 60_000;
/** Too large, or not understood: fewer at a time may be taken. */
const REFUSED_FOR_ITSELF: readonly number[] = [400, 413, 422];

/**
 * Writes the parts, few enough at a time; those that are refused together, in halves, so that a bad
 * one costs no other.
 * @throws (rejects) PlayheadError ENDPOINT_UNREACHABLE, ENDPOINT_REFUSED, ENDPOINT_UNEXPECTED
 */
export async function* postParts(
  studio: StudioAddress,
  { path, list, others = {} }: PartsTarget,
  parts: readonly Part[],
): AsyncGenerator<PartsOutcome, void> {
  for (const batch of batchesOf(parts)) {
    const waiting = [batch];
    while (waiting.length > 0) {
      const some = waiting.pop() ?? [];
      const [first] = some;
      if (first === undefined) continue;
      // The parts are JSON already: they go between the brackets.
      const head = JSON.stringify({ ...others, [list]: [] }).slice(0, -"]}".length);
      const json = `${head}${some.map((part) => part.json).join(",")}]}`;
      const { status, text } = await post(studio, path, json);
      if (status === 200 || status === 207) {
        yield { status: "written", parts: some, answer: parsed(text) };
      } else if (!REFUSED_FOR_ITSELF.includes(status)) {
        throw new PlayheadError(
          "ENDPOINT_UNEXPECTED",
          `Expected ${studio.url}${path} to take a session, got HTTP ${status}. What is there already stays; running it again goes on.`,
        );
      } else if (some.length > 1) {
        const middle = some.length >> 1;
        waiting.push(some.slice(middle), some.slice(0, middle));
      } else {
        const size = (Buffer.byteLength(json) / 1024 / 1024).toFixed(1);
        const reason = status === 413 ? `too large (${size} MiB, HTTP 413)` : `HTTP ${status}`;
        yield { status: "refused", part: first, reason };
      }
    }
  }
}

function* batchesOf(parts: readonly Part[]): Generator<readonly Part[]> {
  let batch: Part[] = [];
  let bytes = 0;
  for (const part of parts) {
    const length = Buffer.byteLength(part.json);
    if (batch.length > 0 && (batch.length === MAX_PARTS || bytes + length > MAX_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(part);
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}

async function post(
  studio: StudioAddress,
  path: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await askStudioPatiently(studio, path, () => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal: AbortSignal.timeout(WRITE_TIMEOUT_MS),
  }));
  try {
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw brokenOff(studio, error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // spans are answered with whatever the server likes
  }
}
