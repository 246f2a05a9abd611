import type { JSX } from "preact";
import { formatInteger } from "../../conversation/format";

/** Says by how much a text is too long, in characters. A field with a limit would cut what is pasted. */
export function TooLong({ excess }: { excess: number }): JSX.Element {
  return (
    <p class="too-long publish-problem" role="status">
      {excess > 0 &&
        `${formatInteger(excess)} ${excess === 1 ? "character" : "characters"} too many`}
    </p>
  );
}
