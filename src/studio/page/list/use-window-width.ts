import { useEffect, useState } from "preact/hooks";

/** In a window up to this wide, in CSS pixels, rows are cards and filters a sheet; the style sheets say the same. */
export const NARROW_WIDTH = 720;

/** Width of the window in CSS pixels, renewed as it changes. */
export function useWindowWidth(): number {
  const [width, setWidth] = useState(window.innerWidth);
  useEffect(() => {
    const update = (): void => setWidth(window.innerWidth);
    window.addEventListener("resize", update);
    return () => window.removeEventListener("resize", update);
  }, []);
  return width;
}
