import type { SessionSummary } from "../../api/types";
import { navigate } from "../navigation";
import { comparePath, currentComparePick, setComparePick } from "./compare-pick";

/** Chooses a session to be compared; the second one is compared with the first. */
export function compareSession({ id, firstMessage }: SessionSummary): void {
  const pick = currentComparePick();
  if (pick?.kind === "session" && pick.id !== id) {
    navigate(comparePath("session", pick.id, id));
    setComparePick(null);
    return;
  }
  setComparePick(pick === null ? { kind: "session", id, title: firstMessage ?? id } : null);
}
