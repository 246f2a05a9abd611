import type { Context } from "hono";
import { RETRY_WHEN_FULL_SECONDS } from "./limits";

/** The studio has more to write than it holds: the client keeps its data and comes again. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}

/** Spec: langfuse-contract, section 1. The limit is one of bytes, not of requests. */
export function answerNoRoom(context: Context, maxBytes: number, nowMs: number): Response {
  const resetAt = new Date(nowMs + RETRY_WHEN_FULL_SECONDS * 1_000);
  context.header("Retry-After", String(RETRY_WHEN_FULL_SECONDS));
  context.header("X-RateLimit-Limit", String(maxBytes));
  context.header("X-RateLimit-Remaining", "0");
  context.header("X-RateLimit-Reset", String(Math.ceil(resetAt.getTime() / 1_000)));
  return context.json(
    {
      message: "Rate limit exceeded",
      code: "rate_limited",
      details: {
        retryAfterSeconds: RETRY_WHEN_FULL_SECONDS,
        limit: maxBytes,
        remaining: 0,
        resetAt: resetAt.toISOString(),
      },
    },
    429,
  );
}
