import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { HeaderButtons } from "./header-buttons";
import { moveToStop, useKeys } from "./keyboard";
import { goBack } from "./navigation";
import { BrandMark } from "./parts/icons";
import { LeaveSheet } from "./parts/leave-sheet";
import { publicPath } from "./public-view";
import { SessionView } from "./session/session-view";
import { TraceView } from "./session/trace-view";
import { ShortcutsHelp } from "./shortcuts-help";

const TITLE = "Whoever has this address can read this session. It changes nothing.";

/** What stands at a public address: the replay of one session, or one of its traces. */
export function PublicApp({ traceId }: { traceId: string | null }): JSX.Element {
  const help = useRef<HTMLDialogElement>(null);
  const isTrace = traceId !== null;
  useKeys(
    useMemo(
      () => ({
        j: () => moveToStop(1),
        k: () => moveToStop(-1),
        "?": () => help.current?.showModal(),
        ...(isTrace && { Escape: () => goBack(publicPath() ?? "/") }),
      }),
      [isTrace],
    ),
  );
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to content
      </a>
      <header class="header">
        <div class="header-inner">
          <span class="brand">
            <BrandMark />
            <span>playhead</span>
          </span>
          <span class="public-mark" title={TITLE} data-testid="public-mark">
            Public, read-only
          </span>
          <div class="header-end">
            <HeaderButtons onHelp={() => help.current?.showModal()} />
          </div>
        </div>
      </header>
      <main id="main">
        {traceId === null ? (
          <SessionView sessionId="published" />
        ) : (
          <TraceView key={traceId} traceId={traceId} onSession={ignoreSession} />
        )}
      </main>
      <ShortcutsHelp dialog={help} />
      <LeaveSheet />
    </>
  );
}

function ignoreSession(): void {
  // The page has one session, which it leads back to by its own address.
}
