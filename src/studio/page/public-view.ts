/**
 * The page at a public address: it reads one published session and its traces from there, and leads
 * nowhere else. What an address opens does not change while the page is there.
 */
let publicToken: string | null = null;

/** To be called once, before anything is rendered. @param path - of the address */
export function startPublicView(path: string): void {
  publicToken = /^\/public\/([\w-]+)/.exec(path)?.[1] ?? null;
}

export function isPublicView(): boolean {
  return publicToken !== null;
}

/** Path of the public page, with what comes after the token; null in the studio itself. */
export function publicPath(rest = ""): string | null {
  return publicToken === null ? null : `/public/${publicToken}${rest}`;
}

/**
 * Where this page reads what the studio has at `path`: at a public address the same reads stand
 * beside each other below its token.
 */
export function addressOf(path: string): string {
  if (publicToken === null) return path;
  return path.replace(/^\/api\/(?:studio|public)\//, `/api/published/${publicToken}/`);
}
