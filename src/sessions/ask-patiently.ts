/** Attempts of one request that is put off by the endpoint. */
const MAX_ATTEMPTS = 4;
/** Longest time the endpoint may ask to wait, in milliseconds. */
const MAX_WAIT_MS = 65_000;

/**
 * Asks once more where the endpoint asks to come back later (429, 503 with `Retry-After`), when it says.
 * @param request - one attempt
 * @returns the first answer that does not, or the last one; with its body unread
 */
export async function askPatiently(request: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await request();
    const waitMs = attempt < MAX_ATTEMPTS ? waitOf(response) : undefined;
    if (waitMs === undefined) return response;
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

/** Milliseconds to wait until the same request is worth another attempt; undefined where it is not. */
function waitOf({ status, headers }: Response): number | undefined {
  const retryAfter = headers.get("retry-after");
  if (status !== 429 && !(status === 503 && retryAfter !== null)) return undefined;
  const seconds = Number(retryAfter ?? 1);
  const waitMs = Number.isFinite(seconds)
    ? seconds * 1_000
    : Date.parse(retryAfter ?? "") - Date.now();
  if (!(waitMs <= MAX_WAIT_MS)) return undefined;
  return Math.max(0, waitMs);
}
