import type { ComponentChildren, JSX } from "preact";
import type { ObservationType } from "../../../attributes/observation-types";
import type { Theme } from "../theme";

function Glyph({
  children,
  size = 14,
}: {
  children: ComponentChildren;
  size?: number;
}): JSX.Element {
  return (
    <svg
      class="glyph"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

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
    <path d="M8 2c.5 3.6 2.4 5.500 6 6-3.600.5-5.500 2.400-6 6-.5-3.600-2.400-5.500-6-6 3.600-.5 5.500-2.400 6-6z" />
  ),
  event: <path d="m8 3 5 5-5 5-5-5z" />,
  embedding: <path d="M3 3v10h10M6 10l2-3 2 1.500 3-4.500" />,
  agent: (
    <>
      <circle cx="8" cy="5.2" r="2.700" />
      <path d="M3 13.500c.4-2.600 2.300-4 5-4s4.600 1.400 5 4" />
    </>
  ),
  tool: (
    <path d="M13.300 4.600a3.500 3.500 0 0 1-4.700 4.200l-4 4-1.700-1.700 4-4a3.500 3.500 0 0 1 4.300-4.600L9.300 4.300l2.100 2.200z" />
  ),
  chain: (
    <path d="M6.800 9.200a2.600 2.600 0 0 1 0-3.700l1.700-1.700a2.600 2.600 0 1 1 3.700 3.700l-.9.9M9.200 6.800a2.600 2.600 0 0 1 0 3.700l-1.700 1.700a2.600 2.600 0 1 1-3.700-3.700l.9-.9" />
  ),
  retriever: (
    <>
      <circle cx="7" cy="7" r="4.200" />
      <path d="m10.200 10.200 3.300 3.300" />
    </>
  ),
  evaluator: <path d="M2.500 13.500h11M4 13.500V9M8 13.500v-11M12 13.500V6" />,
  guardrail: <path d="M8 2 3 4v3.800c0 3 2 5.100 5 6.200 3-1.100 5-3.200 5-6.200V4z" />,
};

export function TypeIcon({ type }: { type: ObservationType }): JSX.Element {
  return (
    <span class="type-icon" data-type={type}>
      <Glyph>{TYPE_SHAPES[type] ?? TYPE_SHAPES.span}</Glyph>
    </span>
  );
}
