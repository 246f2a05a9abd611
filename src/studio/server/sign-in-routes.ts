import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { StudioEnvironment } from "./environment";
import type { Failures } from "./failures";
import { isPublicKey, isSecretKey, type StudioKeys } from "./keys";
import { MAX_SIGN_IN_BYTES, SIGN_IN_LIFETIME_MS } from "./limits";
import { readBody } from "./read-body";
import { SIGN_IN_POLICY, signInPage, stepPage } from "./sign-in-page";
import type { SignIns } from "./sign-ins";

export interface SignInRoutesOptions {
  readonly keys: StudioKeys;
  readonly signIns: SignIns;
  readonly failures: Failures;
  /** Told when somebody has signed out. */
  readonly onSignOut: () => void;
}

type StudioContext = Context<StudioEnvironment>;

/** Where a reader without a valid cookie is sent, to come back to `path`. */
export function signInPath(path: string): string {
  return `/sign-in?next=${encodeURIComponent(path)}`;
}

/** What the cookie of this request holds. */
export function signInTokenOf(context: StudioContext, keys: StudioKeys): string | undefined {
  return getCookie(context, cookieName(keys));
}

/** `/sign-in` and `/sign-out`. Work without a script. */
export function createSignInRoutes(options: SignInRoutesOptions): Hono<StudioEnvironment> {
  const { keys, signIns, failures } = options;
  const routes = new Hono<StudioEnvironment>();

  const show = (context: StudioContext, html: string, status: 200 | 401 | 429 = 200): Response => {
    context.header("Content-Security-Policy", SIGN_IN_POLICY);
    // With "no-referrer" a browser would send the form with `Origin: null`.
    context.header("Referrer-Policy", "same-origin");
    return context.html(html, status);
  };
  const isSignedIn = (context: StudioContext): boolean => {
    const token = signInTokenOf(context, keys);
    return token !== undefined && signIns.isOpen(token);
  };

  routes.get("/sign-in", (context) => {
    const next = localPath(context.req.query("next"));
    if (isSignedIn(context)) return context.redirect(next, 303);
    return context.req.query("asked") === undefined
      ? show(context, stepPage(`${signInPath(next)}&asked=1`))
      : show(context, signInPage({ next }));
  });

  routes.post("/sign-in", async (context) => {
    const read = await readBody(context.env.incoming, {
      isGzipped: false,
      maxBytes: MAX_SIGN_IN_BYTES,
    });
    if (read.status !== "read") return context.json({ message: "Body is too large" }, 413);
    const form = new URLSearchParams(read.body.toString());
    const next = localPath(form.get("next") ?? undefined);
    const address = context.env.incoming.socket.remoteAddress ?? "";
    const waitMs = failures.waitMs(address);
    if (waitMs > 0) {
      const minutes = Math.ceil(waitMs / 60_000);
      context.header("Retry-After", String(Math.ceil(waitMs / 1_000)));
      const when = minutes === 1 ? "a minute" : `${minutes} minutes`;
      const problem = `Too many wrong keys came from your address. Try again in ${when}.`;
      return show(context, signInPage({ next, problem }), 429);
    }
    const secretKey = (form.get("secretKey") ?? "").trim();
    const publicKey = form.get("publicKey")?.trim();
    const matches = [
      isSecretKey(secretKey, keys),
      publicKey === undefined || isPublicKey(publicKey, keys),
    ];
    if (!matches.every(Boolean)) {
      failures.add(address);
      const problem = secretKey.startsWith("pk-")
        ? "That is a public key. Expected the secret one, which starts with sk-."
        : "That is not the secret key of this studio.";
      return show(context, signInPage({ next, problem }), 401);
    }
    failures.forget(address);
    const before = signInTokenOf(context, keys);
    if (before !== undefined) signIns.close(before);
    setCookie(context, cookieName(keys), signIns.open(), cookieOptions(context));
    return context.redirect(next, 303);
  });

  routes.post("/sign-out", (context) => {
    const token = signInTokenOf(context, keys);
    if (token !== undefined) signIns.close(token);
    options.onSignOut();
    setCookie(context, cookieName(keys), "", { ...cookieOptions(context), maxAge: 0 });
    return context.json({ message: "OK" });
  });

  return routes;
}

/** Cookies are shared by all ports of a machine: studios with other keys have other names for theirs. */
function cookieName({ publicKey }: StudioKeys): string {
  const id = createHash("sha256").update(publicKey).digest("hex").slice(0, 12);
  return `playhead_${id}`;
}

function cookieOptions(context: StudioContext) {
  return {
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
    // Only a proxy before the studio speaks TLS, and says so.
    secure: context.req.header("x-forwarded-proto") === "https",
    maxAge: SIGN_IN_LIFETIME_MS / 1_000,
  } as const;
}

/** A path of the studio, whatever was asked for: an address of elsewhere leads to the start. */
function localPath(asked: string | undefined): string {
  const here = "http://here.invalid";
  if (asked === undefined || !asked.startsWith("/") || !URL.canParse(asked, here)) return "/";
  const { origin, pathname, search } = new URL(asked, here);
  // A path with two slashes in front would again be read as a host.
  const isHere = origin === here && !pathname.startsWith("//");
  const isSignIn = pathname === "/sign-in" || pathname === "/sign-out";
  return isHere && !isSignIn ? pathname + search : "/";
}
