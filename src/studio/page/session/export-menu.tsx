import type { JSX } from "preact";
import { sessionExportApiPath } from "../../api/paths";
import { Menu } from "../list/filter-menu";
import { ChevronIcon } from "../list/list-icons";
import { ExportIcon } from "../parts/icons";

const CHOICES = [
  { format: "html", title: "HTML page", text: "Plays it back in any browser, offline" },
  { format: "jsonl", title: "JSONL", text: "A line of chat messages per turn" },
  {
    format: "vitest",
    title: "Vitest file",
    text: "Gives your app the inputs, compares its outputs",
  },
  { format: "json", title: "JSON", text: "All of it, to import into a studio" },
] as const;

/** Takes a session away as a file. */
export function ExportMenu({ sessionId }: { sessionId: string }): JSX.Element {
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
      <ul class="export-choices">
        {CHOICES.map(({ format, title, text }) => (
          <li key={format}>
            <a href={sessionExportApiPath(sessionId, format)} download="">
              <strong>{title}</strong>
              <span>{text}</span>
            </a>
          </li>
        ))}
      </ul>
    </Menu>
  );
}
