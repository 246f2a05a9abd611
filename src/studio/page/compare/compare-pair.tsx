import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Turn } from "../../api/types";
import { comparedText } from "../../conversation/compare/compared-text";
import { turnErrorMessage, turnModels } from "../../conversation/turn-summary";
import { Link } from "../link";
import { tracePath } from "../route";
import { FiguresTable, figureRows } from "./compare-figures";
import { DiffText } from "./diff-text";
import type { ComparedTurn } from "./use-compared";

export interface ComparedSide {
  readonly turn: ComparedTurn;
  /** From 1. */
  readonly number: number;
  /** Undefined until it has been read. */
  readonly content: Turn | undefined;
}

export interface ComparePairProps {
  readonly a: ComparedSide | null;
  readonly b: ComparedSide | null;
}

/** Two turns side by side; one of them may be missing. */
export function ComparePair({ a, b }: ComparePairProps): JSX.Element {
  const isRead = (a === null || a.content !== undefined) && (b === null || b.content !== undefined);
  const status = a === null ? "only in B" : b === null ? "only in A" : null;
  return (
    <article
      class="compare-pair"
      data-testid="compare-pair"
      data-status={status ?? undefined}
      data-stop=""
      tabIndex={-1}
      aria-busy={!isRead}
    >
      <header class="compare-pair-head">
        <h2>
          <TurnLink name="A" side={a} />
          <span aria-hidden="true" class="arrow">
            {" "}
            ·{" "}
          </span>
          <TurnLink name="B" side={b} />
        </h2>
        {status !== null && <span class="tag">{status}</span>}
      </header>
      {isRead ? <Contents a={a} b={b} /> : <p class="compare-reading">Reading…</p>}
    </article>
  );
}

function TurnLink({ name, side }: { name: string; side: ComparedSide | null }): JSX.Element {
  if (side === null) return <span class="compare-missing">{name}: no such turn</span>;
  return (
    <Link href={tracePath(side.turn.traceId)} class="compare-turn">
      {name}: turn {side.number}
    </Link>
  );
}

function Contents({ a, b }: ComparePairProps): JSX.Element {
  const texts = useMemo(() => {
    const of = (side: ComparedSide | null) => ({
      said: side?.content === undefined ? null : comparedText(side.content.input, "input"),
      answer: side?.content === undefined ? null : comparedText(side.content.output, "output"),
      failure: side?.content === undefined ? null : turnErrorMessage(side.content),
      models: side?.content === undefined ? [] : turnModels(side.content),
    });
    return [of(a), of(b)] as const;
  }, [a?.content, b?.content]);
  const [ofA, ofB] = texts;
  const hasFailed = ofA.failure !== null || ofB.failure !== null;
  return (
    <>
      <DiffText label="User" a={ofA.said} b={ofB.said} />
      <DiffText label="Answer" a={ofA.answer} b={ofB.answer} />
      {hasFailed && <DiffText label="Failure" a={ofA.failure} b={ofB.failure} />}
      <FiguresTable
        caption="What the two turns took"
        rows={figureRows(a?.turn ?? null, b?.turn ?? null, [ofA.models, ofB.models])}
      />
    </>
  );
}
