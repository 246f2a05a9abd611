/** From a drawing's units to CSS pixels of its frame: scaled, then moved. */
export interface Viewpoint {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MIN_SCALE = 0.1;
const MAX_SCALE = 3;
/** A drawing is fitted no smaller than this: its names could not be read. */
const MIN_FITTED_SCALE = 0.45;

/** Shows all of a drawing, never larger than it is, in the middle; of a very large one the start. */
export function fitted(drawing: Size, frame: Size): Viewpoint {
  const whole = Math.min(1, frame.width / drawing.width, frame.height / drawing.height);
  const scale = Number.isFinite(whole) ? Math.max(MIN_FITTED_SCALE, whole) : 1;
  return {
    x: (frame.width - drawing.width * scale) / 2,
    y: Math.max(0, (frame.height - drawing.height * scale) / 2),
    scale,
  };
}

/** Zooms, within 0.1 to 3, so that what stands at `at` (in the frame's pixels) stays there. */
export function zoomed(
  from: Viewpoint,
  factor: number,
  at: { readonly x: number; readonly y: number },
): Viewpoint {
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, from.scale * factor));
  const ratio = scale / from.scale;
  return { x: at.x - (at.x - from.x) * ratio, y: at.y - (at.y - from.y) * ratio, scale };
}
