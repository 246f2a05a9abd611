import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SessionOutline } from "../../api/types";
import { idleGapMs } from "../../conversation/turn-summary";
import { momentAt, turnIndexAt } from "../../playback/moment";
import type { MarkKind } from "../../playback/session-timeline";
import { isReturning } from "../navigation";
import { readMoment, showMoment } from "./moment-url";
import { PlayerBar } from "./player-bar";
import { usePlayerKeys } from "./player-keys";
import { CLOSED_PANEL, type PanelState } from "./turn";
import { useTurnContents } from "./turn-contents";
import { TurnList, type TurnListHandle } from "./turn-list";
import { TurnSlot } from "./turn-slot";
import { TurnWaterfall } from "./turn-waterfall";
import { useFollow } from "./use-follow";
import { usePlayer, useReducedMotion } from "./use-player";

/** After the playhead has come to rest, its place goes into the address, in milliseconds. */
const ADDRESS_DELAY_MS = 150;
/** Turns that are read before they are shown. */
const READ_AHEAD = 3;

/** The conversation, turn by turn, as it was at the playhead; all of it while nothing is played. */
export function SessionReplay({ outline }: { outline: SessionOutline }): JSX.Element {
  const { turns } = outline;
  const address = useMemo(() => readMoment(location.search), []);
  const isStill = useReducedMotion();
  const follow = useRef<ReturnType<typeof useFollow> | null>(null);
  const { player, timeline } = usePlayer(outline, address.timeMs, () => {
    const isWatched = document.visibilityState === "visible" && follow.current?.isAtEnd() === true;
    return isWatched && !isStill;
  });
  const contents = useTurnContents(outline.session.id);
  const list = useRef<TurnListHandle | null>(null);
  const [panels, setPanels] = useState<ReadonlyMap<string, PanelState>>(new Map());
  /** The step that was opened last, with its turn once that is known: the address names it. */
  const [opened, setOpened] = useState<{ traceId: string | null; stepId: string } | null>(
    address.observationId === null ? null : { traceId: null, stepId: address.observationId },
  );
  const observationId = opened?.stepId ?? null;
  const [pointedIndex, setPointedIndex] = useState<number | null>(null);
  const [seenIndex, setSeenIndex] = useState(0);

  const { timeMs, isPlaying, isEngaged } = player.state;
  const moment =
    isEngaged && timeline !== null
      ? momentAt(timeline, timeMs)
      : { startedCount: turns.length, firstOpen: turns.length };
  follow.current = useFollow({ isGrowing: isPlaying, turnCount: moment.startedCount });
  const keys = useMemo(
    () => turns.slice(0, moment.startedCount).map((turn) => turn.traceId),
    [turns, moment.startedCount],
  );
  const onMove = useCallback(() => follow.current?.start(), []);
  const jump = useCallback(
    (kind: MarkKind, direction: 1 | -1) => {
      if (player.jump(kind, direction) !== null) onMove();
    },
    [player, onMove],
  );
  usePlayerKeys(player, jump, onMove);

  useEffect(() => {
    if (isPlaying) return;
    const moment = { timeMs: isEngaged ? timeMs : null, observationId };
    const timer = window.setTimeout(() => showMoment(moment), ADDRESS_DELAY_MS);
    return () => window.clearTimeout(timer);
  }, [isPlaying, isEngaged, isPlaying ? null : timeMs, observationId]);

  const onPanel = useCallback((traceId: string, panel: PanelState) => {
    setPanels((known) => new Map(known).set(traceId, panel));
    const stepId = panel.selectedId;
    // What is opened or closed in another turn leaves the step open that the address names.
    setOpened((now) =>
      stepId !== null ? { traceId, stepId } : now?.traceId === traceId ? null : now,
    );
  }, []);
  const openStep = useCallback(
    (index: number, id: string): void => {
      const traceId = turns[index]?.traceId;
      if (traceId === undefined) return;
      onPanel(traceId, { isOpen: true, selectedId: id });
      list.current?.scrollTo(index);
    },
    [turns, onPanel],
  );

  useEffect(() => {
    const { observationId: id, timeMs: momentMs, traceId } = address;
    if (id !== null) openStep(turnOfStep(turns, id), id);
    else if (momentMs !== null) onMove();
    else if (traceId !== null && !isReturning()) {
      const index = turns.findIndex((turn) => turn.traceId === traceId);
      if (index !== -1) list.current?.scrollTo(index);
    }
  }, []);

  const onWindow = useCallback(
    (from: number, to: number, held: number | null) => {
      const shown = turns.slice(from, to + READ_AHEAD);
      const apart = held === null ? [] : turns.slice(held, held + 1);
      contents.need([...shown, ...apart].map((turn) => turn.traceId));
    },
    [contents, turns],
  );
  const lookedAt = isEngaged && timeline !== null ? turnIndexAt(timeline, timeMs) : null;
  const shownIndex = Math.min(turns.length - 1, lookedAt ?? pointedIndex ?? seenIndex);
  const shown = turns[shownIndex];
  const elapsedOf = (index: number): number | null => {
    const span = timeline?.turns[index];
    if (!isEngaged || span === undefined || index < moment.firstOpen) return null;
    return timeMs >= span.endMs ? null : timeMs - span.startMs;
  };

  return (
    <>
      <div
        class="session-body"
        onPointerOver={(event) => setPointedIndex(indexOfTurn(event.target, keys) ?? pointedIndex)}
        onFocusIn={(event) => setPointedIndex(indexOfTurn(event.target, keys) ?? pointedIndex)}
      >
        <TurnList
          keys={keys}
          handle={list}
          onWindow={onWindow}
          onLook={setSeenIndex}
          render={(index) => {
            const turn = turns[index];
            return (
              turn !== undefined && (
                <TurnSlot
                  outline={turn}
                  turn={contents.get(turn.traceId)}
                  number={index + 1}
                  gapMs={idleGapMs(turns[index - 1], turn)}
                  elapsedMs={elapsedOf(index)}
                  isStill={isStill}
                  isSought={turn.traceId === address.traceId}
                  panel={panels.get(turn.traceId) ?? CLOSED_PANEL}
                  onPanel={onPanel}
                />
              )
            );
          }}
        />
        {shown !== undefined && (
          <TurnWaterfall
            turn={shown}
            number={shownIndex + 1}
            elapsedMs={elapsedOf(shownIndex)}
            onOpenStep={openStep}
          />
        )}
      </div>
      <p class="visually-hidden" role="status">
        {turns.length === 1 ? "1 turn" : `${turns.length} turns`}
      </p>
      <PlayerBar
        player={player}
        turns={turns}
        jump={jump}
        onMove={onMove}
        observationId={observationId}
      />
    </>
  );
}

function turnOfStep(turns: SessionOutline["turns"], observationId: string): number {
  return turns.findIndex((turn) => turn.steps.some((step) => step.id === observationId));
}

/** The place of the turn that an element stands in; null outside of the turns. */
function indexOfTurn(target: EventTarget | null, keys: readonly string[]): number | null {
  const item = target instanceof Element ? target.closest<HTMLElement>("li[data-key]") : null;
  const index = keys.indexOf(item?.dataset["key"] ?? "");
  return index === -1 ? null : index;
}
