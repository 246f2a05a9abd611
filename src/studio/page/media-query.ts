import { useEffect, useState } from "preact/hooks";

/** In a window up to this wide, in CSS pixels, rows are cards and filters a sheet; the style sheets say the same. */
export const NARROW_WIDTH = 720;

/** Whether the window matches a media query now. */
export function useMediaQuery(query: string): boolean {
  const [isMatch, setMatch] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const list = window.matchMedia(query);
    const update = (): void => setMatch(list.matches);
    update();
    list.addEventListener("change", update);
    return () => list.removeEventListener("change", update);
  }, [query]);
  return isMatch;
}
