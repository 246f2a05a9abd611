import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Admission, Intake } from "./intake";
import { MAX_WAITING_ROWS, RETRY_WHEN_FULL_SECONDS } from "./limits";
import { type BodyResult, type ReadBodyOptions, readBody } from "./read-body";
import type { WriteQueue } from "./write-queue";

/** The studio has more to write than it holds: the client keeps its data and comes again. */
class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}

/** What runs below the server of Node: the body is read from its request. */
type OnNode = { Bindings: HttpBindings };

/**
 * Lets a request with a body in, as long as there is room for it, and gives the room back when it is
 * answered; without room it is answered 429. `answer` may throw a {@link NoRoomError}, too.
 */
export type Admitted = <Environment extends OnNode>(
  context: Context<Environment>,
  answer: (admission: Admission) => Promise<Response>,
) => Promise<Response>;

export interface AdmittedOptions {
  readonly intake: Intake;
  /** While too much waits in it, nothing is let in. */
  readonly writes: Pick<WriteQueue, "rowCount">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createAdmitted({ intake, writes, now }: AdmittedOptions): Admitted {
  return async (context, answer) => {
    const declaredBytes = Number(context.req.header("content-length") ?? 0) || 0;
    const admission = writes.rowCount < MAX_WAITING_ROWS ? intake.admit(declaredBytes) : undefined;
    try {
      if (admission === undefined) throw new NoRoomError();
      return await answer(admission);
    } catch (error) {
      if (!(error instanceof NoRoomError)) throw error;
      context.env.incoming.resume(); // what is still coming is not kept
      return answerNoRoom(context, intake.maxBytes, now());
    } finally {
      admission?.release();
    }
  };
}

/**
 * Reads a body into the room that its request has.
 * @throws NoRoomError when there is no room for what comes
 */
export async function readAdmitted<Environment extends OnNode>(
  context: Context<Environment>,
  admission: Admission,
  limits: Omit<ReadBodyOptions, "mayGrowTo">,
): Promise<Exclude<BodyResult, { status: "no_room" }>> {
  const mayGrowTo = (bytes: number): boolean => admission.growTo(bytes);
  const read = await readBody(context.env.incoming, { ...limits, mayGrowTo });
  if (read.status === "no_room") throw new NoRoomError();
  return read;
}

/** Spec: langfuse-contract, section 1. The limit is one of bytes, not of requests. */
function answerNoRoom(context: Context, maxBytes: number, nowMs: number): Response {
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
