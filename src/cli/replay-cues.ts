import { stripVTControlCharacters } from "node:util";
import { printableLine } from "../diagnostics/printable-text";
import type { SessionDetail, Turn } from "../studio/api/types";
import { formatDuration } from "../studio/conversation/format";
import { turnAssistantText } from "../studio/conversation/turn-text";
import { type AnswerPace, answerPace } from "../studio/playback/answer-pace";
import { isTool } from "../studio/playback/session-timeline";
import { renderHead, renderTurnParts, type TranscriptOptions } from "./transcript";
import { createPaint } from "./transcript-style";

/** A piece of text, and when it is written: milliseconds since the replay began, at speed 1. */
export interface Cue {
  readonly atMs: number;
  readonly text: string;
}

/** Silence between turns is shortened to this, in milliseconds: nobody watches a user think. */
const MAX_SILENCE_MS = 2_000;
/** As wide as the speaker of a message. */
const LABEL_WIDTH = 11;

/**
 * A session as it happened: each question when it was asked, tools when they had ended, the answer
 * at the pace it was streamed, the tree of observations with the end of the turn. By time; of turns
 * that overlap the later one waits for the end of the earlier.
 */
export function replayCues(detail: SessionDetail, options: TranscriptOptions): readonly Cue[] {
  const { turns } = detail;
  const cues: Cue[] = [{ atMs: 0, text: renderHead(detail, options) }];
  const originMs = Date.parse(turns[0]?.startedAt ?? "");
  let busyUntilMs = 0;
  let savedMs = 0;
  for (const [index, turn] of turns.entries()) {
    const startMs = Date.parse(turn.startedAt) - originMs;
    savedMs += Math.max(0, startMs - busyUntilMs - MAX_SILENCE_MS);
    busyUntilMs = Math.max(busyUntilMs, startMs + turn.durationMs);
    for (const cue of turnCues(turns, index, options)) {
      const atMs = startMs - savedMs + cue.atMs;
      cues.push({ ...cue, atMs: Math.max(cues.at(-1)?.atMs ?? 0, atMs) });
    }
  }
  return cues;
}

/** With times since the start of the turn. */
function turnCues(turns: readonly Turn[], index: number, options: TranscriptOptions): Cue[] {
  const turn = turns[index];
  if (turn === undefined) return [];
  const { opening, answer, closing } = renderTurnParts(turns, index, options);
  const paint = createPaint(options.colors);
  const said = turnAssistantText(turn.output) ?? "";
  const tools = turn.observations.filter(isTool).map(
    ({ name, startOffsetMs, durationMs }): Cue => ({
      atMs: startOffsetMs + durationMs,
      text: `  ${paint("yellow", "tool".padEnd(LABEL_WIDTH))}${printableLine(name)} ${paint("dim", `· ${formatDuration(durationMs)}`)}\n`,
    }),
  );
  const typed = typedCues(answer, answerPace(turn, said.length), said.length);
  const firstMs = typed[0]?.atMs ?? turn.durationMs;
  const before = tools.filter(({ atMs }) => atMs <= firstMs).sort((a, b) => a.atMs - b.atMs);
  return [
    { atMs: 0, text: opening },
    ...before, // one that ends later stands in the tree below: the answer is not torn apart
    ...typed,
    { atMs: turn.durationMs, text: closing },
  ];
}

/** A message word by word, each when its share of the answer was there; the speaker with the first. */
function typedCues(message: string, pace: AnswerPace, length: number): Cue[] {
  const [speaker = "", ...words] = message.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
  const sizes = words.map((word) => stripVTControlCharacters(word).trim().length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let shown = 0;
  return words.map((word, index) => {
    shown += sizes[index] ?? 0;
    const atMs = timeOf(Math.ceil((length * shown) / total), pace);
    return { atMs, text: index === 0 ? speaker + word : word };
  });
}

/** When so many characters are there. */
function timeOf(length: number, { firstMs, lastMs, lengthAt }: AnswerPace): number {
  let early = Math.min(firstMs, lastMs);
  let late = lastMs;
  while (late - early > 1) {
    const middle = (early + late) / 2;
    if (lengthAt(middle) >= length) late = middle;
    else early = middle;
  }
  return lengthAt(early) >= length ? early : late;
}
