/**
 * Where the next character stands that `expression` finds, from `from` on; -1 where none does. The
 * search runs natively, and without the list of groups that `exec` makes for each match.
 * @param expression - global, and one character long: what stands around it is looked at only
 */
export function nextCharacter(expression: RegExp, text: string, from: number): number {
  expression.lastIndex = from;
  return expression.test(text) ? expression.lastIndex - 1 : -1;
}

/** The same, with the end of the text where none is found. */
export function nextOrEnd(expression: RegExp, text: string, from: number): number {
  const at = nextCharacter(expression, text, from);
  return at === -1 ? text.length : at;
}
