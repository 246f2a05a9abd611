import { readSetting, writeSetting } from "../stored-setting";
import { createDraftStore, type DraftStore } from "./draft-store";

/** Names the setting that says when a reader of this browser last signed out, in whichever tab. */
const SIGNED_OUT_AT = "signedOutAt";

let held: DraftStore | null = null;

/** The drafts of this tab; they are there while it shows another page, as the one that asks for a sign-in. */
export function tabDrafts(): DraftStore {
  if (held !== null) return held;
  held = createDraftStore({
    storage: () => sessionStorage,
    readMark: () => readSetting(SIGNED_OUT_AT),
  });
  // Not with each letter: a draft may be long.
  window.addEventListener("pagehide", held.store);
  document.addEventListener("visibilitychange", held.store);
  return held;
}

/** Of a reader who signs out: what they wrote is not for the next one, in any tab. */
export function endDrafts(): void {
  tabDrafts().forgetAll();
  writeSetting(SIGNED_OUT_AT, `${Date.now()}`);
}
