/** What following a link of captured content would do. */
export type LinkTarget =
  /** A place of the studio itself, or a file that is saved and not opened. */
  | { readonly kind: "own" }
  /** Another site: the reader is asked first. */
  | { readonly kind: "outside"; readonly url: URL }
  /** A script, a file of this machine, an address that makes no sense: never followed. */
  | { readonly kind: "refused" };

const OUTSIDE_SCHEMES = ["https:", "http:", "mailto:"];
/** Of contents that the page holds itself, and offers to save. */
const SAVED_SCHEMES = ["data:", "blob:"];

/**
 * @param href - as it stands in the link
 * @param here - address of the page
 */
export function linkTarget(
  { href, isDownload }: { readonly href: string; readonly isDownload: boolean },
  here: string,
): LinkTarget {
  if (!URL.canParse(href, here)) return { kind: "refused" };
  const url = new URL(href, here);
  if (url.origin === new URL(here).origin) return { kind: "own" };
  if (isDownload && SAVED_SCHEMES.includes(url.protocol)) return { kind: "own" };
  return OUTSIDE_SCHEMES.includes(url.protocol) ? { kind: "outside", url } : { kind: "refused" };
}
