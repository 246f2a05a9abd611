import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SESSION_FILE_FORMAT, type SessionImport } from "../../api/import-types";
import { formatInteger } from "../../conversation/format";
import { Link } from "../link";
import { type ReadError, sendJson } from "../resource";
import { sessionPath } from "../route";
import { ImportIcon } from "./list-icons";

/** How the last import went; null before the first one. */
type Outcome =
  | { readonly kind: "running"; readonly count: number }
  | { readonly kind: "done"; readonly imported: SessionImport; readonly count: number }
  | { readonly kind: "failed"; readonly fileName: string; readonly message: string };

/** Brings sessions that were exported as JSON back in, from files of the reader's machine. */
export function ImportSessions(): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  const importFiles = async (files: readonly File[]): Promise<void> => {
    let last: SessionImport | undefined;
    setOutcome({ kind: "running", count: files.length });
    for (const file of files) {
      try {
        if (!(await isSessionFile(file))) {
          const message = "Expected a session that was exported as JSON.";
          setOutcome({ kind: "failed", fileName: file.name, message });
          return;
        }
        last = await sendJson<SessionImport>("POST", "/api/studio/import", file);
      } catch (failure) {
        const { message } = failure as ReadError | DOMException; // of sendJson, or of reading
        setOutcome({ kind: "failed", fileName: file.name, message });
        return;
      }
    }
    setOutcome(last === undefined ? null : { kind: "done", imported: last, count: files.length });
  };

  return (
    <>
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
      {outcome !== null && (
        <p
          class="import-outcome"
          role={outcome.kind === "failed" ? "alert" : "status"}
          data-testid="import-outcome"
          dir="auto"
        >
          <Told outcome={outcome} />
        </p>
      )}
    </>
  );
}

/** Tells files of another kind at once; whether one is whole, the studio finds out. */
async function isSessionFile(file: File): Promise<boolean> {
  return (await file.text()).includes(`"${SESSION_FILE_FORMAT}"`);
}

function Told({ outcome }: { outcome: Outcome }): JSX.Element {
  switch (outcome.kind) {
    case "running":
      return <>Importing…</>;
    case "failed":
      return (
        <>
          {outcome.fileName}: {outcome.message}
        </>
      );
    case "done": {
      const { sessionId, traceCount } = outcome.imported;
      const turns = traceCount === 1 ? "1 turn" : `${formatInteger(traceCount)} turns`;
      const others = outcome.count > 1 ? `, and ${formatInteger(outcome.count - 1)} more` : "";
      return (
        <>
          Imported <Link href={sessionPath(sessionId)}>{sessionId.slice(0, 80)}</Link>, {turns}
          {others}
        </>
      );
    }
  }
}
