import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import * as z from "zod/mini";
import { name, version } from "../../../package.json";
import type { Transport } from "../../export/transport";
import type { HandoverEvent, HandoverRequest } from "../api/handover-types";
import { type Address, parseAddress } from "../handover/address";
import { HandoverError } from "../handover/find-endpoint";
import {
  createGuardedTransport,
  FORBIDDEN_ADDRESS,
  isForbiddenHost,
} from "../handover/forbidden-hosts";
import { handOver } from "../handover/hand-over";
import type { Store } from "../store/store";
import type { Admitted } from "./back-pressure";
import { isLoopbackHost } from "./guards";
import { readJsonBody } from "./json-body";
import { HANDOVER_REQUEST_MS } from "./limits";

export interface HandoverRoutesOptions {
  readonly store: Store;
  readonly admitted: Admitted;
  /** Told of a defect; never of keys or captured content. */
  readonly onError: (error: Error) => void;
}

const requestSchema = z.object({
  sessionId: z.string().check(z.minLength(1)),
  to: z.string().check(z.minLength(1), z.maxLength(2_000)),
  publicKey: z.optional(z.string().check(z.maxLength(1_000))),
  secretKey: z.optional(z.string().check(z.maxLength(1_000))),
}) satisfies z.ZodMiniType<HandoverRequest>;

/** What a header can carry as it is. */
const KEY = /^[\x20-\x7e]+$/;

/** Newest ingestion protocol of Langfuse, which puts spans where they are seen at once. */
const INGESTION_VERSION = "4";
const CONNECTIONS = 4;
/** Shorter values would take words out of a server's message. */
const MIN_SECRET_LENGTH = 6;

/**
 * Sends a session of this studio somewhere else, at the request of whoever may read it, and tells
 * how far it is. Stops when nobody reads the answer any more.
 */
export function createHandoverRoutes({
  store,
  admitted,
  onError,
}: HandoverRoutesOptions): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();

  routes.post("/", (context) =>
    admitted(context, async (admission) => {
      const read = await readJsonBody(context, admission, requestSchema);
      if ("refusal" in read) return read.refusal;
      const { sessionId, to } = read.body;
      const keys = keysOf(read.body);
      if ("problem" in keys) return context.json({ message: keys.problem }, 400);
      const address = parseAddress(to.trim());
      if ("problem" in address) return context.json({ message: address.problem }, 400);
      if (isForbiddenHost(address.baseUrl)) {
        const message = `Expected the address of a server, got a ${FORBIDDEN_ADDRESS}`;
        return context.json({ message }, 400);
      }
      if (isOwn(address, context.env.incoming.headers.host)) {
        const message = "Expected the address of another server, got that of this studio";
        return context.json({ message }, 400);
      }
      if (store.getSession(sessionId) === undefined) {
        return context.json({ message: "No session with this id" }, 404);
      }
      const stop = new AbortController();
      const transport = openTransport(keys);
      const stream = new ReadableStream<Uint8Array>({
        async start(controller) {
          const tell = (event: HandoverEvent): void => {
            if (!stop.signal.aborted) controller.enqueue(encode(event));
          };
          try {
            const hasKeys = keys.secretKey !== undefined;
            const { signal } = stop;
            tell(
              await handOver({
                store,
                sessionId,
                address,
                transport,
                hasKeys,
                onProgress: tell,
                signal,
              }),
            );
          } catch (error) {
            if (error instanceof HandoverError) {
              tell({ type: "failure", code: error.code, message: error.message });
            } else {
              onError(error instanceof Error ? error : new Error("Expected an Error"));
            }
          }
          await transport.close();
          if (!stop.signal.aborted) controller.close();
        },
        cancel() {
          stop.abort();
          void transport.close();
        },
      });
      return context.body(stream, 200, {
        "Content-Type": "application/jsonl; charset=utf-8",
        "X-Accel-Buffering": "no", // asks a proxy to hand on each line as it comes
      });
    }),
  );

  return routes;
}

interface Keys {
  readonly publicKey: string | undefined;
  readonly secretKey: string | undefined;
}

/** Both, or neither: the fields of a form that were left empty count as not given. */
function keysOf({ publicKey, secretKey }: HandoverRequest): Keys | { readonly problem: string } {
  const [own, secret] = [publicKey?.trim() || undefined, secretKey?.trim() || undefined];
  const strange = [own, secret].findIndex((key) => key !== undefined && !KEY.test(key));
  if (strange >= 0) {
    const which = strange === 0 ? "public" : "secret";
    return {
      problem: `Expected a ${which} key of plain characters on one line, got others: copy it again`,
    };
  }
  if ((own === undefined) === (secret === undefined)) return { publicKey: own, secretKey: secret };
  const missing = own === undefined ? "public" : "secret";
  return { problem: `Expected both keys, or none: the ${missing} key is missing` };
}

function openTransport({ publicKey, secretKey }: Keys): Transport {
  const credentials = Buffer.from(`${publicKey ?? ""}:${secretKey ?? ""}`).toString("base64");
  return createGuardedTransport({
    timeoutMs: HANDOVER_REQUEST_MS,
    connections: CONNECTIONS,
    secrets: [secretKey ?? "", credentials].filter((text) => text.length >= MIN_SECRET_LENGTH),
    headers: {
      "user-agent": `${name}/${version}`,
      "x-langfuse-sdk-name": name,
      "x-langfuse-sdk-version": version,
      "x-langfuse-ingestion-version": INGESTION_VERSION,
      ...(publicKey === undefined ? {} : { "x-langfuse-public-key": publicKey }),
      ...(secretKey === undefined ? {} : { authorization: `Basic ${credentials}` }),
    },
  });
}

/** Whether an address is that under which this studio was asked. */
function isOwn({ baseUrl }: Address, host: string | undefined): boolean {
  const own = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  const asked = new URL(baseUrl);
  if (own === undefined || own.port !== asked.port) return false;
  return (
    own.hostname === asked.hostname ||
    (isLoopbackHost(own.hostname) && isLoopbackHost(asked.hostname))
  );
}

function encode(event: HandoverEvent): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(event)}\n`);
}
