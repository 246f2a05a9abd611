import { endDrafts } from "./drafts/tab-drafts";
import { isWorkUnderWay } from "./unfinished-work";

/** Whether the reader of this page has signed in, and so can sign out. */
export function isSignedIn(): boolean {
  return document.body.dataset["signedIn"] !== undefined;
}

/**
 * Leaves for the sign-in page, which leads back to this place.
 * @returns false while something is under way that ends when the page is left: it stays
 */
export function goToSignIn(): boolean {
  if (isWorkUnderWay()) return false;
  const next = encodeURIComponent(location.pathname + location.search);
  location.replace(`/sign-in?asked=1&next=${next}`);
  return true;
}

/**
 * Ends the sign-in of this browser, in all of its tabs. What was not sent is dropped.
 * @returns false when the studio did not answer: the reader is still signed in
 */
export async function signOut(): Promise<boolean> {
  try {
    const response = await fetch("/sign-out", { method: "POST" });
    if (!response.ok && response.status !== 401) return false;
  } catch {
    return false; // no answer
  }
  endDrafts();
  location.replace("/sign-in?asked=1");
  return true;
}
