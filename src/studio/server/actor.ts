import type { Context } from "hono";
import type { Actor } from "../api/publication-types";
import type { StudioEnvironment } from "./environment";

/** Who sends a request, as far as the studio can tell: it has no accounts. */
export function actorOf(
  context: Context<StudioEnvironment>,
  { name, hasKeys }: { readonly name: string | null | undefined; readonly hasKeys: boolean },
): Actor {
  const access = hasKeys ? (context.get("signIn") === undefined ? "keys" : "signed-in") : "open";
  return { name: name || null, access, address: context.env.incoming.socket.remoteAddress ?? null };
}
