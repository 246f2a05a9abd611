/** Which items of a long list are in the page, and the room that the others take. */
export interface ListWindow {
  /** The first item that is there. */
  readonly from: number;
  /** The first after it that is not. */
  readonly to: number;
  /** Room before and after, in CSS pixels. */
  readonly before: number;
  readonly after: number;
}

/**
 * The items that touch a stretch of the list.
 * @param top - of the stretch, from the start of the list, in CSS pixels; may lie outside
 * @param heightOf - measured or estimated, above 0
 */
export function listWindow(
  count: number,
  heightOf: (index: number) => number,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): ListWindow {
  let from = 0;
  let before = 0;
  while (from < count - 1 && before + heightOf(from) <= top) {
    before += heightOf(from);
    from += 1;
  }
  let to = from;
  let reached = before;
  while (to < count && (to === from || reached < bottom)) {
    reached += heightOf(to);
    to += 1;
  }
  let after = 0;
  for (let index = to; index < count; index += 1) after += heightOf(index);
  return { from, to, before, after };
}

/** Where an item starts, in CSS pixels from the start of the list. */
export function offsetOf(index: number, heightOf: (index: number) => number): number {
  let offset = 0;
  for (let before = 0; before < index; before += 1) offset += heightOf(before);
  return offset;
}
