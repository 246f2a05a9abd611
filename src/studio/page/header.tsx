import type { JSX } from "preact";
import { isEmbedded } from "./embedded";
import { Link } from "./link";
import { useLiveState } from "./live";
import { BrandMark, SignOutIcon, ThemeIcon } from "./parts/icons";
import { isSignedIn, signOut } from "./sign-in";
import { useTheme } from "./theme";

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
  const { theme, toggle } = useTheme();
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
          <button
            type="button"
            class="icon-button"
            onClick={toggle}
            aria-label={`Theme: ${theme}. Change`}
            title={`Theme: ${theme}`}
          >
            <ThemeIcon theme={theme} />
          </button>
          <button
            type="button"
            class="icon-button help-button"
            onClick={onHelp}
            aria-label="Keyboard shortcuts"
            title="Keyboard shortcuts"
          >
            ?
          </button>
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
