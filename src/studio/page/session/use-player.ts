import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { SessionOutline } from "../../api/types";
import { createPlayer, type FrameClock, type Player } from "../../playback/player";
import { createSessionTimeline, type SessionTimeline } from "../../playback/session-timeline";
import { useMediaQuery } from "../media-query";

const PAGE_FRAMES: FrameClock = {
  now: () => performance.now(),
  requestFrame: (run) => requestAnimationFrame(run),
  cancelFrame: (id) => cancelAnimationFrame(id),
};

/** Whether the reader asked their system for less motion; follows the setting. */
export function useReducedMotion(): boolean {
  return useMediaQuery("(prefers-reduced-motion: reduce)");
}

/**
 * The player of a session, for as long as it is shown. The component renders again with each frame.
 * @param outline - null until it has been read
 * @param startMs - where to stand at first; null at the end
 * @param playsGrowth - asked when the session has grown; see {@link Player.setTimeline}
 */
export function usePlayer(
  outline: SessionOutline | null,
  startMs: number | null,
  playsGrowth: () => boolean,
): { readonly player: Player; readonly timeline: SessionTimeline | null } {
  const player = useMemo(() => createPlayer(PAGE_FRAMES), []);
  const timeline = useMemo(
    () => (outline === null ? null : createSessionTimeline(outline)),
    [outline],
  );
  const [, setVersion] = useState(0);
  useLayoutEffect(() => player.subscribe(() => setVersion((version) => version + 1)), [player]);
  useLayoutEffect(() => {
    if (timeline === null) return;
    const isFirst = player.timeline.turns.length === 0;
    player.setTimeline(timeline, { playsGrowth: playsGrowth() });
    if (isFirst && startMs !== null) player.seek(startMs);
  }, [player, timeline]);
  useEffect(() => player.close, [player]);
  return { player, timeline };
}
