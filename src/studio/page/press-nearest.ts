/**
 * Presses the button that stands nearest to the focus: in what has the focus, else in what holds
 * that, and so on up to the page, where it is the first. So one key means the step that is open, the
 * turn, or the session, whichever the reader is at. Does nothing where there is no such button.
 * @param selector - of the button
 */
export function pressNearest(selector: string): void {
  let place: Element | null = document.activeElement ?? document.body;
  while (place !== null) {
    const button = place.querySelector<HTMLElement>(selector);
    if (button !== null) {
      button.click();
      return;
    }
    place = place.parentElement;
  }
}
