import { isEmbedded } from "./embedded";
import { isPublicView } from "./public-view";

/**
 * Whether this is the studio's own page, where what is shown can be changed: neither a file that was
 * exported nor the address of a published session.
 */
export function isInStudio(): boolean {
  return !isEmbedded() && !isPublicView();
}
