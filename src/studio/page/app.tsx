import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { CompareBar } from "./compare/compare-button";
import { ComparePage } from "./compare/compare-page";
import { currentComparePick, setComparePick } from "./compare/compare-pick";
import { Header, type HeaderProps } from "./header";
import { ImportBar } from "./import/import-bar";
import { moveToStop, useKeys } from "./keyboard";
import { SessionList } from "./list/session-list";
import { TraceList } from "./list/trace-list";
import { ModelsPage } from "./models/models-page";
import { goBack, navigate, useRoute } from "./navigation";
import { LeaveSheet } from "./parts/leave-sheet";
import { Notice } from "./parts/notice";
import { pressNearest } from "./press-nearest";
import { PublicApp } from "./public-app";
import { type Route, sessionPath } from "./route";
import { ScoreConfigsView } from "./score-configs/score-configs-view";
import { SessionView } from "./session/session-view";
import { TraceView } from "./session/trace-view";
import { ShortcutsHelp } from "./shortcuts-help";

/** The pages that stand in the header beside the two lists. */
const PAGE_OF: Partial<Record<Route["view"], HeaderProps["current"]>> = {
  models: "/models",
  "score-configs": "/score-configs",
};

type StudioRoute = Exclude<Route, { view: "public" }>;

export function App(): JSX.Element {
  const route = useRoute();
  return route.view === "public" ? (
    <PublicApp traceId={route.traceId} />
  ) : (
    <StudioApp route={route} />
  );
}

function StudioApp({ route }: { route: StudioRoute }): JSX.Element {
  const help = useRef<HTMLDialogElement>(null);
  /** Of the trace that is shown; null while that is not known, and where it belongs to none. */
  const [sessionId, setSessionId] = useState<string | null>(null);
  const isTrace = route.view === "trace";
  const listPath =
    route.view === "traces" || (isTrace && sessionId === null) ? "/traces" : "/sessions";
  const parentPath = isTrace && sessionId !== null ? sessionPath(sessionId) : listPath;
  const isDetail = route.view === "session" || isTrace || route.view === "compare";
  useKeys(
    useMemo(
      () => ({
        j: () => moveToStop(1),
        k: () => moveToStop(-1),
        s: () => navigate("/sessions"),
        ...((route.view === "session" || isTrace) && {
          c: () => pressNearest(".comments-open"),
          a: () => pressNearest(".scores-open"),
          o: () => pressNearest(".correct-open"),
        }),
        // In a session the key belongs to the player.
        ...(route.view !== "session" && { t: () => navigate("/traces") }),
        m: () => navigate("/models"),
        "?": () => help.current?.showModal(),
        Escape: () => {
          if (currentComparePick() !== null) setComparePick(null);
          else if (isDetail) goBack(parentPath);
        },
      }),
      [isDetail, isTrace, parentPath, route.view],
    ),
  );
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to content
      </a>
      <Header current={PAGE_OF[route.view] ?? listPath} onHelp={() => help.current?.showModal()} />
      <main id="main">
        <CompareBar />
        <ImportBar />
        {viewOf(route, setSessionId)}
      </main>
      <ShortcutsHelp dialog={help} />
      <LeaveSheet />
    </>
  );
}

function viewOf(route: StudioRoute, onSession: (sessionId: string | null) => void): JSX.Element {
  switch (route.view) {
    case "sessions":
      return <SessionList />;
    case "traces":
      return <TraceList />;
    case "session":
      return <SessionView key={route.sessionId} sessionId={route.sessionId} />;
    case "trace":
      return <TraceView key={route.traceId} traceId={route.traceId} onSession={onSession} />;
    case "models":
      return <ModelsPage />;
    case "compare":
      return <ComparePage kind={route.kind} a={route.a} b={route.b} />;
    case "score-configs":
      return <ScoreConfigsView />;
    case "not-found":
      return (
        <Notice
          title="Nothing here"
          text={`No page of the studio has the address ${route.path}.`}
          action={{ label: "Go to the sessions", run: () => navigate("/sessions") }}
        />
      );
  }
}
