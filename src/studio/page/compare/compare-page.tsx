import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { alignTurns, type TurnPair } from "../../conversation/compare/align-turns";
import { formatInteger } from "../../conversation/format";
import { useKeys } from "../keyboard";
import { Link } from "../link";
import { navigate, useArrival } from "../navigation";
import { Loading, Notice, StaleBanner } from "../parts/notice";
import { type TurnContents, useTurnContents } from "../session/turn-contents";
import { FiguresTable, figureRows } from "./compare-figures";
import { type ComparedSide, ComparePair } from "./compare-pair";
import { type ComparePick, comparePath, setComparePick } from "./compare-pick";
import { type Compared, useCompared } from "./use-compared";

export interface ComparePageProps {
  readonly kind: ComparePick["kind"];
  readonly a: string;
  readonly b: string;
}

/** Pairs of turns that are drawn at a time. */
const PAIRS_PER_PAGE = 50;

/** Two sessions or two traces side by side: what was said, what it took, and what differs. */
export function ComparePage({ kind, a, b }: ComparePageProps): JSX.Element {
  const [one, other] = [useCompared(kind, a), useCompared(kind, b)];
  const isReady = one.data !== null && other.data !== null;
  useArrival(isReady, `${a} ${b}`);
  useEffect(() => {
    document.title = "Compare · playhead";
    setComparePick(null); // the row that led here does not say so
  }, []);
  useKeys({ x: () => navigate(comparePath(kind, b, a)) });

  const error = one.error ?? other.error;
  const retry = (): void => {
    one.reload();
    other.reload();
  };
  if (one.data === null || other.data === null) {
    if (error === null) return <Loading />;
    const missing = one.error !== null ? a : b;
    return error.status === 404 ? (
      <Notice
        title={`No such ${kind}`}
        text={`Nothing has arrived with the ${kind} id ${missing}.`}
        action={{ label: "Go to the sessions", run: () => navigate("/sessions") }}
      />
    ) : (
      <Notice
        tone="error"
        title="Cannot compare"
        text={error.message}
        action={{ label: "Try again", run: retry }}
      />
    );
  }
  return (
    <div class="compare" data-testid="compare">
      {error && <StaleBanner text={error.message} onRetry={retry} />}
      <header class="compare-head">
        <div class="compare-title">
          <h1 tabIndex={-1}>Compare two {kind}s</h1>
          <Link href={comparePath(kind, b, a)} class="button">
            Swap
          </Link>
        </div>
        <div class="compare-sides compare-names">
          <Name name="A" compared={one.data} />
          <Name name="B" compared={other.data} />
        </div>
        <FiguresTable
          caption={`What the two ${kind}s took in all`}
          rows={figureRows(one.data, other.data, [one.data.models, other.data.models])}
        />
      </header>
      <Pairs key={`${a} ${b}`} kind={kind} a={one.data} b={other.data} />
    </div>
  );
}

function Name({ name, compared }: { name: string; compared: Compared }): JSX.Element {
  return (
    <p class="compare-name">
      <span class="compare-letter">{name}</span>
      <Link href={compared.path}>
        <span dir="auto">{compared.title}</span>
      </Link>
      <span class="crumb-id" dir="auto">
        {compared.id}
      </span>
    </p>
  );
}

interface PairsProps {
  readonly kind: ComparePick["kind"];
  readonly a: Compared;
  readonly b: Compared;
}

function Pairs({ kind, a, b }: PairsProps): JSX.Element {
  const [first, setFirst] = useState(0);
  const contents = useTurnContents(`${a.id} ${b.id}`);
  const pairs = useMemo(
    () =>
      // Two traces were chosen for each other, whatever was said in them.
      kind === "trace"
        ? [{ a: 0, b: 0 }]
        : alignTurns(
            a.turns.map(({ message }) => message),
            b.turns.map(({ message }) => message),
          ),
    [kind, a.turns, b.turns],
  );
  const shown = pairs.slice(first, first + PAIRS_PER_PAGE);
  const needed = shown.flatMap((pair) =>
    [traceIdOf(a, pair.a), traceIdOf(b, pair.b)].filter((id) => id !== null),
  );
  const neededKey = needed.join(" ");
  useEffect(() => contents.need(needed), [contents, neededKey]);
  const go = (to: number): void => {
    setFirst(to);
    window.scrollTo(0, 0);
  };
  return (
    <>
      {kind === "session" && <Summary pairs={pairs} />}
      {shown.map((pair) => (
        <ComparePair
          key={`${pair.a} ${pair.b}`}
          a={sideOf(a, pair.a, contents)}
          b={sideOf(b, pair.b, contents)}
        />
      ))}
      {pairs.length > PAIRS_PER_PAGE && (
        <nav class="compare-pages" aria-label="Pairs of turns">
          <button
            type="button"
            class="button"
            disabled={first === 0}
            onClick={() => go(first - PAIRS_PER_PAGE)}
          >
            Previous
          </button>
          <span>
            {formatInteger(first + 1)} to {formatInteger(first + shown.length)} of{" "}
            {formatInteger(pairs.length)}
          </span>
          <button
            type="button"
            class="button"
            disabled={first + PAIRS_PER_PAGE >= pairs.length}
            onClick={() => go(first + PAIRS_PER_PAGE)}
          >
            Next
          </button>
        </nav>
      )}
    </>
  );
}

function Summary({ pairs }: { pairs: readonly TurnPair[] }): JSX.Element {
  const onlyA = pairs.filter((pair) => pair.b === null).length;
  const onlyB = pairs.filter((pair) => pair.a === null).length;
  const both = pairs.length - onlyA - onlyB;
  return (
    <p class="compare-summary" role="status">
      {formatInteger(both)} {both === 1 ? "turn" : "turns"} in both, {formatInteger(onlyA)} only in
      A, {formatInteger(onlyB)} only in B
    </p>
  );
}

function traceIdOf(compared: Compared, index: number | null): string | null {
  return index === null ? null : (compared.turns[index]?.traceId ?? null);
}

function sideOf(
  compared: Compared,
  index: number | null,
  contents: TurnContents,
): ComparedSide | null {
  const turn = index === null ? undefined : compared.turns[index];
  if (index === null || turn === undefined) return null;
  return { turn, number: index + 1, content: contents.get(turn.traceId) };
}
