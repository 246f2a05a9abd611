import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RedactPreset } from "../../../config/redact-rules";
import { sessionExportApiPath } from "../../api/paths";
import { Menu } from "../list/filter-menu";
import { ChevronIcon } from "../list/list-icons";
import { ExportIcon } from "../parts/icons";
import { PresetChoice } from "../parts/preset-choice";

/** Formats of which some can be taken out. */
const CHOICES = [
  { format: "html", title: "HTML page", text: "Plays it back in any browser, offline" },
  { format: "jsonl", title: "JSONL", text: "A line of chat messages per turn" },
  {
    format: "vitest",
    title: "Vitest file",
    text: "Gives your app the inputs, compares its outputs",
  },
] as const;

/** Takes a session away as a file, without what is not to leave. */
export function ExportMenu({ sessionId }: { sessionId: string }): JSX.Element {
  const [redact, setRedact] = useState<readonly RedactPreset[]>([]);
  return (
    <Menu
      label="Export"
      align="end"
      caption={
        <>
          <ExportIcon />
          Export
          <ChevronIcon />
        </>
      }
    >
      <div class="export-redact">
        <PresetChoice chosen={redact} onChange={setRedact} />
        {redact.length > 0 && (
          <p class="publish-note">Pictures, recordings and files stay as they are.</p>
        )}
      </div>
      <ul class="export-choices">
        {CHOICES.map(({ format, title, text }) => (
          <li key={format}>
            <a href={sessionExportApiPath(sessionId, format, redact)} download="">
              <strong>{title}</strong>
              <span>{text}</span>
            </a>
          </li>
        ))}
        <li>
          {redact.length === 0 ? (
            <a href={sessionExportApiPath(sessionId, "json")} download="">
              <strong>JSON</strong>
              <span>All of it, nothing taken out, to import into a studio</span>
            </a>
          ) : (
            <p class="export-refused">
              <strong>JSON</strong>
              <span>
                Nothing can be taken out of it: it holds all, to import into a studio. Untick what
                is ticked above to have it.
              </span>
            </p>
          )}
        </li>
      </ul>
    </Menu>
  );
}
