/** Not the button of a turn or row that the reader is not at. */
function isMeant(button: HTMLElement): boolean {
  const stop = button.closest("[data-stop]");
  return stop === null || stop.contains(document.activeElement);
}

/**
 * Presses the button that stands nearest to the focus: in what has the focus, else in what holds
 * that, and so on up to the page, where it is the first. So one key means the step that is open, the
 * turn, or the session, whichever the reader is at. Does nothing where there is no such button.
 * @param selector - of the button
 */
export function pressNearest(selector: string): void {
  let place: Element | null = document.activeElement ?? document.body;
  while (place !== null) {
    const button = [...place.querySelectorAll<HTMLElement>(selector)].find(isMeant);
    if (button !== undefined) {
      button.click();
      return;
    }
    place = place.parentElement;
  }
}
