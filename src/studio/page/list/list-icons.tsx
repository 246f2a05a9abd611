import type { JSX } from "preact";
import { Glyph } from "../parts/glyph";

export function SearchIcon(): JSX.Element {
  return (
    <Glyph>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </Glyph>
  );
}

export function StarIcon(): JSX.Element {
  return (
    <Glyph>
      <path d="m8 1.9 1.85 3.9 4.25.55-3.1 2.95.8 4.25L8 11.45l-3.8 2.1.8-4.25-3.1-2.95 4.25-.55z" />
    </Glyph>
  );
}

/** The direction of a sorted column: up for the smallest first. */
export function SortIcon({ order }: { order: "asc" | "desc" }): JSX.Element {
  return (
    <Glyph size={10} grid={10}>
      <path
        d={order === "asc" ? "M5 8.5v-7M2.2 4.2 5 1.5l2.8 2.7" : "M5 1.5v7M2.2 5.8 5 8.5l2.8-2.7"}
      />
    </Glyph>
  );
}

export function ChevronIcon(): JSX.Element {
  return (
    <Glyph size={9} grid={10}>
      <path d="M2 3.5 5 6.5l3-3" />
    </Glyph>
  );
}

export function FilterIcon(): JSX.Element {
  return (
    <Glyph>
      <path d="M2.5 4.5h11M4.5 8h7M6.5 11.5h3" />
    </Glyph>
  );
}

export function ColumnsIcon(): JSX.Element {
  return (
    <Glyph>
      <rect x="2" y="3" width="12" height="10" rx="1.5" />
      <path d="M6 3v10M10 3v10" />
    </Glyph>
  );
}
