import type { JSX } from "preact";
import type { ObservationType } from "../../../attributes/observation-types";
import type { Theme } from "../theme";
import { Glyph } from "./glyph";

/** The head of a player: a marker on a line. */
export function BrandMark(): JSX.Element {
  return (
    <svg class="brand-mark" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <path d="M4.5 1.5h9v4.2L9 9.6 4.5 5.7z" fill="currentColor" />
      <path d="M9 9v7.5" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" />
      <path
        d="M1.5 13h4M12.5 13h4"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        opacity=".45"
      />
    </svg>
  );
}

export function CopyIcon(): JSX.Element {
  return (
    <Glyph size={13}>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 3.5v-1h-8v8h1" />
    </Glyph>
  );
}

export function SignOutIcon(): JSX.Element {
  return (
    <Glyph>
      <path d="M6.5 2.5h-4v11h4M6.5 8h7M10.8 5.2 13.6 8l-2.8 2.8" />
    </Glyph>
  );
}

export function CheckIcon(): JSX.Element {
  return (
    <Glyph size={13}>
      <path d="m3 8.5 3.2 3.2L13 4.8" />
    </Glyph>
  );
}

export function CloseIcon(): JSX.Element {
  return (
    <Glyph>
      <path d="m4 4 8 8M12 4l-8 8" />
    </Glyph>
  );
}

export function Caret(): JSX.Element {
  return (
    <svg class="caret" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <path
        d="m3.2 1.8 3.4 3.2-3.4 3.2"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

export function BackIcon(): JSX.Element {
  return (
    <Glyph>
      <path d="M9.5 3.5 5 8l4.5 4.5" />
    </Glyph>
  );
}

export function ForwardIcon(): JSX.Element {
  return (
    <Glyph>
      <path d="M6.5 3.5 11 8l-4.5 4.5" />
    </Glyph>
  );
}

export function ThemeIcon({ theme }: { theme: Theme }): JSX.Element {
  return (
    <Glyph size={15}>
      {theme === "light" && (
        <>
          <circle cx="8" cy="8" r="2.8" />
          <path d="M8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M12.8 3.2l-1 1M4.2 11.8l-1 1" />
        </>
      )}
      {theme === "dark" && <path d="M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z" />}
      {theme === "system" && (
        <>
          <circle cx="8" cy="8" r="5.4" />
          <path d="M8 2.6a5.4 5.4 0 0 1 0 10.8z" fill="currentColor" />
        </>
      )}
    </Glyph>
  );
}

const TYPE_SHAPES: Readonly<Record<ObservationType, JSX.Element>> = {
  span: <path d="M2.5 5v6M13.5 5v6M2.5 8h11" />,
  generation: (
    <path d="M8 2c.5 3.6 2.4 5.5 6 6-3.6.5-5.5 2.4-6 6-.5-3.6-2.4-5.5-6-6 3.6-.5 5.5-2.4 6-6z" />
  ),
  event: <path d="m8 3 5 5-5 5-5-5z" />,
  embedding: <path d="M3 3v10h10M6 10l2-3 2 1.5 3-4.5" />,
  agent: (
    <>
      <circle cx="8" cy="5.2" r="2.7" />
      <path d="M3 13.5c.4-2.6 2.3-4 5-4s4.6 1.4 5 4" />
    </>
  ),
  tool: (
    <path d="M13.3 4.6a3.5 3.5 0 0 1-4.7 4.2l-4 4-1.7-1.7 4-4a3.5 3.5 0 0 1 4.3-4.6L9.3 4.3l2.1 2.2z" />
  ),
  chain: (
    <path d="M6.8 9.2a2.6 2.6 0 0 1 0-3.7l1.7-1.7a2.6 2.6 0 1 1 3.7 3.7l-.9.9M9.2 6.8a2.6 2.6 0 0 1 0 3.7l-1.7 1.7a2.6 2.6 0 1 1-3.7-3.7l.9-.9" />
  ),
  retriever: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </>
  ),
  evaluator: <path d="M2.5 13.5h11M4 13.5V9M8 13.5v-11M12 13.5V6" />,
  guardrail: <path d="M8 2 3 4v3.8c0 3 2 5.1 5 6.2 3-1.1 5-3.2 5-6.2V4z" />,
};

export function TypeIcon({ type }: { type: ObservationType }): JSX.Element {
  return (
    <span class="type-icon" data-type={type}>
      <Glyph>{TYPE_SHAPES[type] ?? TYPE_SHAPES.span}</Glyph>
    </span>
  );
}
