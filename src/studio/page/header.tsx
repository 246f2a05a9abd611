import type { JSX } from "preact";
import { isEmbedded } from "./embedded";
import { HeaderButtons } from "./header-buttons";
import { Link } from "./link";
import { useLiveState } from "./live";
import { BrandMark, SignOutIcon } from "./parts/icons";
import { isSignedIn, signOut } from "./sign-in";

const LIVE_TEXT = { live: "Live", connecting: "Connecting", lost: "Reconnecting" } as const;
const LIVE_TITLE = {
  live: "New spans appear as they arrive",
  connecting: "Opening the event stream",
  lost: "The studio does not answer; trying again",
} as const;

export interface HeaderProps {
  /** The view that is shown, or that what is shown belongs to. */
  readonly current: "/sessions" | "/traces" | "/models" | "/score-configs";
  readonly onHelp: () => void;
}

export function Header({ current, onHelp }: HeaderProps): JSX.Element {
  const live = useLiveState();
  return (
    <header class="header">
      <div class="header-inner">
        {isEmbedded() ? (
          <>
            <span class="brand">
              <BrandMark />
              <span>playhead</span>
            </span>
            <span class="header-note" data-testid="exported">
              Exported session
            </span>
          </>
        ) : (
          <>
            <Link href="/sessions" class="brand">
              <BrandMark />
              <span>playhead</span>
            </Link>
            <nav class="nav" aria-label="Views">
              <Link href="/sessions" current={current === "/sessions"}>
                Sessions
              </Link>
              <Link href="/traces" current={current === "/traces"}>
                Traces
              </Link>
              <Link href="/models" current={current === "/models"}>
                Models
              </Link>
              <Link href="/score-configs" current={current === "/score-configs"}>
                Scores
              </Link>
            </nav>
          </>
        )}
        <div class="header-end">
          {!isEmbedded() && (
            <span class="live" data-state={live} title={LIVE_TITLE[live]} data-testid="live-state">
              <span class="live-dot" aria-hidden="true" />
              <span role="status">{LIVE_TEXT[live]}</span>
            </span>
          )}
          <HeaderButtons onHelp={onHelp} />
          {isSignedIn() && (
            <button
              type="button"
              class="icon-button"
              onClick={signOut}
              aria-label="Sign out"
              title="Sign out"
              data-testid="sign-out"
            >
              <SignOutIcon />
            </button>
          )}
        </div>
      </div>
    </header>
  );
}
