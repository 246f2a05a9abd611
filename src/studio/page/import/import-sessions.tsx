import type { JSX } from "preact";
import { ImportIcon } from "../list/list-icons";
import { importFiles } from "./import-run";

/** Lets sessions that were exported as JSON be chosen; what comes of them is told above the page. */
export function ImportSessions(): JSX.Element {
  return (
    <label class="chip import" title="Import sessions that were exported as JSON">
      <input
        type="file"
        class="visually-hidden"
        accept=".json,application/json"
        multiple
        data-testid="import"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = ""; // the same file may be chosen again
          void importFiles(files);
        }}
      />
      <span class="chip-button">
        <ImportIcon />
        Import
      </span>
    </label>
  );
}
