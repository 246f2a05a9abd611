import type { JSX } from "preact";
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
  readonly currentPath: "/sessions" | "/traces" | "/score-configs";
  readonly onHelp: () => void;
}

export function Header({ currentPath, onHelp }: HeaderProps): JSX.Element {
  const live = useLiveState();
  const { theme, toggle } = useTheme();
  return (
    <header class="header">
      <div class="header-inner">
        <Link href="/sessions" class="brand">
          <BrandMark />
          <span>playhead</span>
        </Link>
        <nav class="nav" aria-label="Views">
          <Link href="/sessions" current={currentPath === "/sessions"}>
            Sessions
          </Link>
          <Link href="/traces" current={currentPath === "/traces"}>
            Traces
          </Link>
          <Link href="/score-configs" current={currentPath === "/score-configs"}>
            Scores
          </Link>
        </nav>
        <div class="header-end">
          <span class="live" data-state={live} title={LIVE_TITLE[live]} data-testid="live-state">
            <span class="live-dot" aria-hidden="true" />
            <span role="status">{LIVE_TEXT[live]}</span>
          </span>
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
