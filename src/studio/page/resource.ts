import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ChangeEvent } from "../api/types";
import { embeddedAnswer, isEmbedded } from "./embedded";
import { setLatest } from "./latest";
import { useChanges } from "./live";
import { addressOf } from "./public-view";
import { goToSignIn } from "./sign-in";

/** Why something could not be read. */
export class ReadError extends Error {
  /** Of the HTTP answer; null when none came. */
  readonly status: number | null;

  constructor(status: number | null, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.status = status;
  }
}

export interface Resource<Data> {
  /** The last answer; stays while a newer one is fetched or fails. */
  readonly data: Data | null;
  readonly error: ReadError | null;
  readonly reload: () => void;
}

/** Changes that come closer together than this are fetched together, in milliseconds. */
const GATHER_MS = 150;
const CACHE_CAPACITY = 12;
/** How long a change may take; what waits behind one that is never answered would wait for ever. */
const WRITE_TIMEOUT_MS = 60_000;
/** Where the page is not left for the sign-in at once. */
const SIGN_IN_ENDED = "The sign-in has ended. Sign in again, then repeat this.";

/** Last answers by address, oldest first, so that going back shows the page at once. */
const cache = new Map<string, unknown>();

/** Reads `/api/studio/…`; rejects with a {@link ReadError}. */
export async function readJson<Data>(path: string, signal?: AbortSignal): Promise<Data> {
  if (isEmbedded()) {
    const held = embeddedAnswer(path);
    if (held === undefined) throw new ReadError(404, "This file does not hold it.");
    return held as Data; // of the same contract, written by the same release
  }
  return jsonOf(await request(path, signal && { signal }));
}

/** Changes something at the studio; rejects with a {@link ReadError}. */
export async function sendRequest(method: "PUT" | "DELETE", path: string): Promise<void> {
  await request(path, { method, signal: AbortSignal.timeout(WRITE_TIMEOUT_MS) });
}

/**
 * Gives the studio something new, or a change; rejects with a {@link ReadError}.
 * @param body - to be written as JSON; a `Blob` is JSON already, and may take as long as it takes
 */
export async function sendJson<Answer>(
  method: "POST" | "PUT" | "PATCH",
  path: string,
  body: object,
): Promise<Answer> {
  const signal = body instanceof Blob ? null : AbortSignal.timeout(WRITE_TIMEOUT_MS);
  return jsonOf(await request(path, { method, ...jsonBody(body), signal }));
}

/**
 * Posts JSON to the studio; rejects with a {@link ReadError}. Unlike {@link sendJson} the answer is
 * there as soon as it begins, to be read while it comes.
 */
export async function postForStream(
  path: string,
  body: object,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array> | null> {
  return (await request(path, { method: "POST", ...jsonBody(body), signal })).body;
}

function jsonBody(body: object): Pick<RequestInit, "headers" | "body"> {
  return {
    headers: { accept: "application/json", "content-type": "application/json" },
    body: body instanceof Blob ? body : JSON.stringify(body),
  };
}

async function jsonOf<Data>(response: Response): Promise<Data> {
  try {
    return (await response.json()) as Data; // the contract of api/types.ts, same release on both sides
  } catch (cause) {
    throw new ReadError(response.status, "The studio's answer broke off.", { cause });
  }
}

/** @throws ReadError for no answer and for any but a good one */
async function request(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(addressOf(path), {
      headers: { accept: "application/json" },
      ...options,
    });
  } catch (cause) {
    throw new ReadError(null, isTimeout(cause) ? NOT_IN_TIME : "The studio does not answer.", {
      cause,
    });
  }
  if (response.status === 401 && !goToSignIn()) throw new ReadError(401, SIGN_IN_ENDED);
  if (!response.ok) throw new ReadError(response.status, await messageOf(response));
  return response;
}

/** Of a write alone: reads have no time to keep. */
const NOT_IN_TIME =
  "The studio did not answer within a minute. What was sent may have arrived: look before you send it again.";

function isTimeout(cause: unknown): boolean {
  return cause instanceof Error && cause.name === "TimeoutError";
}

async function messageOf(response: Response): Promise<string> {
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "message" in body) {
      return issuesText("error" in body ? body.error : null) ?? String(body.message);
    }
  } catch {
    // not JSON: the status says enough
  }
  return `The studio answered ${response.status}.`;
}

/** What is wrong with each field, where an answer lists that; null where it does not. */
function issuesText(issues: unknown): string | null {
  if (!Array.isArray(issues) || issues.length === 0) return null;
  // The contract of the API's answers of 400.
  const texts = (issues as { path?: readonly unknown[]; message?: string }[]).map((issue) =>
    [issue.path?.join(" "), issue.message].filter(Boolean).join(": "),
  );
  return [...new Set(texts)].join("; ");
}

/**
 * What stands at an address of the API, fetched again when a change concerns it. One request at a
 * time; changes during a request lead to one more after it.
 * @param isAffected - says whether a change concerns the data; to be kept stable with `useCallback`
 * @param read - reads it; the one of the first call is kept
 */
export function useResource<Data>(
  path: string,
  isAffected: (change: ChangeEvent, data: Data | null) => boolean,
  read: (path: string, signal: AbortSignal) => Promise<Data> = readJson,
): Resource<Data> {
  const [held, setHeld] = useState<{ path: string; data: Data | null; error: ReadError | null }>(
    () => ({ path, data: cached<Data>(path), error: null }),
  );
  const latest = useRef<Data | null>(null);
  const refresh = useRef<() => void>(() => {});
  const reader = useRef(read);

  useEffect(() => {
    latest.current = cached<Data>(path);
    setHeld({ path, data: latest.current, error: null });
    const loop = createRefreshLoop(async (signal) => {
      try {
        const data = await reader.current(path, signal);
        if (signal.aborted) return;
        latest.current = data;
        setLatest(cache, path, data, CACHE_CAPACITY);
        setHeld({ path, data, error: null });
      } catch (error) {
        if (!signal.aborted) {
          setHeld({ path, data: latest.current, error: error as ReadError }); // readJson's promise
        }
      }
    });
    refresh.current = loop.request;
    loop.requestNow();
    return loop.stop;
  }, [path]);

  useChanges(
    useCallback(
      (change) => {
        if (change === null || isAffected(change, latest.current)) refresh.current();
      },
      [isAffected],
    ),
  );
  const reload = useCallback(() => refresh.current(), []);
  const isCurrent = held.path === path;
  return {
    data: isCurrent ? held.data : cached<Data>(path),
    error: isCurrent ? held.error : null,
    reload,
  };
}

export interface RefreshLoop {
  /** Asks for a run within {@link GATHER_MS}. */
  readonly request: () => void;
  readonly requestNow: () => void;
  readonly stop: () => void;
}

/** Runs `run` on request, never twice at a time, gathering requests that come close together. */
export function createRefreshLoop(run: (signal: AbortSignal) => Promise<void>): RefreshLoop {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  let isWanted = false;
  const start = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (isRunning) {
      isWanted = true;
      return;
    }
    isRunning = true;
    await run(controller.signal);
    isRunning = false;
    if (isWanted && !controller.signal.aborted) {
      isWanted = false;
      request();
    }
  };
  const request = (): void => {
    timer ??= setTimeout(start, GATHER_MS);
  };
  return {
    request,
    requestNow: () => void start(),
    stop: () => {
      clearTimeout(timer);
      controller.abort();
    },
  };
}

function cached<Data>(path: string): Data | null {
  return (cache.get(path) as Data | undefined) ?? null; // set above, from the same path
}
