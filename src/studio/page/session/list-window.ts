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
 * The items that touch a stretch of the list, and the one before and after them: from an item of any
 * height the keyboard leads to the next one.
 * @param top - of the stretch, from the start of the list, in CSS pixels; may lie outside
 * @param heightOf - measured or estimated, above 0
 */
export function listWindow(
  count: number,
  heightOf: (index: number) => number,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): ListWindow {
  let { index: from, offset: before } = itemAt(count, heightOf, top);
  let to = from;
  let reached = before;
  while (to < count && (to === from || reached < bottom)) {
    reached += heightOf(to);
    to += 1;
  }
  if (from > 0) {
    from -= 1;
    before -= heightOf(from);
  }
  if (to < count) to += 1;
  let after = 0;
  for (let index = to; index < count; index += 1) after += heightOf(index);
  return { from, to, before, after };
}

/**
 * The item at a place of the list, the first or last for a place outside, and where it starts.
 * @param place - in CSS pixels from the start of the list
 */
export function itemAt(
  count: number,
  heightOf: (index: number) => number,
  place: number,
): { readonly index: number; readonly offset: number } {
  let index = 0;
  let offset = 0;
  while (index < count - 1 && offset + heightOf(index) <= place) {
    offset += heightOf(index);
    index += 1;
  }
  return { index, offset };
}

/** Where an item starts, in CSS pixels from the start of the list. */
export function offsetOf(index: number, heightOf: (index: number) => number): number {
  let offset = 0;
  for (let before = 0; before < index; before += 1) offset += heightOf(before);
  return offset;
}
