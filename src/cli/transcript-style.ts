/** Colours of a transcript, as SGR parameters. Spec: ECMA-48, section 8.3.117. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  plain: null,
} as const;

export type Style = keyof typeof STYLES;

/** Dresses a text in a style, or leaves it as it is where colours are off. */
export type Paint = (style: Style, text: string) => string;

export function createPaint(colors: boolean): Paint {
  return (style, text) => {
    const codes = STYLES[style];
    if (!colors || codes === null || text === "") return text;
    return `\u001b[${codes[0]}m${text}\u001b[${codes[1]}m`;
  };
}
