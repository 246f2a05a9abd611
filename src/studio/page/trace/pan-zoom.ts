import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { fitted, type Size, type Viewpoint, zoomed } from "../../conversation/viewpoint";

/** Of one press of a key. */
const ZOOM_STEP = 1.25;
const PAN_STEP = 60;

export interface PanZoom {
  readonly viewpoint: Viewpoint;
  readonly zoomBy: (factor: number) => void;
  readonly showAll: () => void;
  /** Moves a point of the drawing into the frame, where it is not in it. */
  readonly reveal: (point: { readonly x: number; readonly y: number }) => void;
}

/**
 * A drawing that is moved by dragging, arrow keys and the wheel with shift, and zoomed by the
 * wheel, `+`, `-` and `0`. Fits the drawing anew when its size or that of the frame changes, until the
 * reader has moved it.
 */
export function usePanZoom(frame: RefObject<HTMLElement | null>, drawing: Size): PanZoom {
  const [viewpoint, setViewpoint] = useState<Viewpoint>({ x: 0, y: 0, scale: 1 });
  const isMoved = useRef(false);
  const sizeOfFrame = useCallback((): Size => {
    const element = frame.current;
    return { width: element?.clientWidth ?? 0, height: element?.clientHeight ?? 0 };
  }, [frame]);
  const { width, height } = drawing;
  const showAll = useCallback(() => {
    isMoved.current = false;
    setViewpoint(fitted({ width, height }, sizeOfFrame()));
  }, [width, height, sizeOfFrame]);
  const move = useCallback((change: (held: Viewpoint) => Viewpoint) => {
    isMoved.current = true;
    setViewpoint(change);
  }, []);
  const zoomBy = useCallback(
    (factor: number) => {
      const { width, height } = sizeOfFrame();
      move((held) => zoomed(held, factor, { x: width / 2, y: height / 2 }));
    },
    [move, sizeOfFrame],
  );

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const fitUnlessMoved = (): void => {
      if (!isMoved.current) showAll();
    };
    fitUnlessMoved(); // before the drawing is seen; the observer calls back a frame later
    const observer = new ResizeObserver(fitUnlessMoved);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, showAll]);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const panBy = (x: number, y: number): void =>
      move((held) => ({ ...held, x: held.x + x, y: held.y + y }));
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      if (event.shiftKey) {
        panBy(-event.deltaX - event.deltaY, 0);
        return;
      }
      const box = element.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      move((held) => zoomed(held, Math.exp(-event.deltaY * lines * 0.0016), at));
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const commands: Readonly<Record<string, () => void>> = {
        "+": () => zoomBy(ZOOM_STEP),
        "=": () => zoomBy(ZOOM_STEP),
        "-": () => zoomBy(1 / ZOOM_STEP),
        "0": showAll,
        ArrowLeft: () => panBy(PAN_STEP, 0),
        ArrowRight: () => panBy(-PAN_STEP, 0),
        ArrowUp: () => panBy(0, PAN_STEP),
        ArrowDown: () => panBy(0, -PAN_STEP),
      };
      const command = Object.hasOwn(commands, event.key) ? commands[event.key] : undefined;
      if (command === undefined) return;
      event.preventDefault();
      command();
    };
    let dragged: { id: number; x: number; y: number } | null = null;
    const onPointerDown = (event: PointerEvent): void => {
      const isOnNode = event.target instanceof Element && event.target.closest("[role=button]");
      if (event.button !== 0 || isOnNode) return;
      dragged = { id: event.pointerId, x: event.clientX, y: event.clientY };
      element.setPointerCapture(event.pointerId);
    };
    const onPointerMove = (event: PointerEvent): void => {
      if (dragged === null || dragged.id !== event.pointerId) return;
      panBy(event.clientX - dragged.x, event.clientY - dragged.y);
      dragged = { id: event.pointerId, x: event.clientX, y: event.clientY };
    };
    const onPointerEnd = (): void => {
      dragged = null;
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    element.addEventListener("keydown", onKeyDown);
    element.addEventListener("pointerdown", onPointerDown);
    element.addEventListener("pointermove", onPointerMove);
    element.addEventListener("pointerup", onPointerEnd);
    element.addEventListener("pointercancel", onPointerEnd);
    return () => {
      element.removeEventListener("wheel", onWheel);
      element.removeEventListener("keydown", onKeyDown);
      element.removeEventListener("pointerdown", onPointerDown);
      element.removeEventListener("pointermove", onPointerMove);
      element.removeEventListener("pointerup", onPointerEnd);
      element.removeEventListener("pointercancel", onPointerEnd);
    };
  }, [frame, showAll, move, zoomBy]);

  const reveal = useCallback(
    (point: { readonly x: number; readonly y: number }) => {
      const { width, height } = sizeOfFrame();
      setViewpoint((held) => ({
        ...held,
        x: shifted(held.x, point.x * held.scale, width),
        y: shifted(held.y, point.y * held.scale, height),
      }));
    },
    [sizeOfFrame],
  );
  return { viewpoint, zoomBy, showAll, reveal };
}

/** Nearer to an edge than this a node is not all in sight, in CSS pixels. */
const EDGE = 110;

/** An offset at which `place` stands within a length, as near to the old one as can be. */
function shifted(offset: number, place: number, length: number): number {
  const margin = Math.min(EDGE, length / 2);
  return Math.min(length - margin - place, Math.max(margin - place, offset));
}
