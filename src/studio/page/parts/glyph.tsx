import type { ComponentChildren, JSX } from "preact";

interface GlyphProps {
  readonly children: ComponentChildren;
  /** Of the square that is drawn in. @default 16 */
  readonly grid?: number;
  /** In CSS pixels. @default 14 */
  readonly size?: number;
}

/** A drawing in lines, of the colour of the text around it. */
export function Glyph({ children, grid = 16, size = 14 }: GlyphProps): JSX.Element {
  return (
    <svg
      class="glyph"
      width={size}
      height={size}
      viewBox={`0 0 ${grid} ${grid}`}
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
