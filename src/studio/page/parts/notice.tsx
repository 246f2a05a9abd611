import type { JSX } from "preact";

export interface NoticeProps {
  readonly title: string;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly tone?: "plain" | "error";
}

/** A message that takes the place of a view. */
export function Notice({ title, text, action, tone = "plain" }: NoticeProps): JSX.Element {
  return (
    <div class="notice" data-tone={tone} role={tone === "error" ? "alert" : undefined}>
      <h1 tabIndex={-1}>{title}</h1>
      <p>{text}</p>
      {action && (
        <button type="button" class="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}

export interface BannerProps {
  readonly text: string;
  readonly onRetry: () => void;
}

/** A message above content that is still shown but may be old. */
export function StaleBanner({ text, onRetry }: BannerProps): JSX.Element {
  return <UnreadBanner text={`${text} What you see may be old.`} onRetry={onRetry} />;
}

/** A message in the place of a part of a view. */
export function UnreadBanner({ text, onRetry }: BannerProps): JSX.Element {
  return (
    <div class="stale" role="alert">
      <span>{text}</span>
      <button type="button" class="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

/**
 * Takes the place of a view and of its heading. Shown only after a moment, so that fast answers do not
 * flicker.
 */
export function Loading(): JSX.Element {
  return (
    <div class="loading" role="status">
      <h1>Loading…</h1>
    </div>
  );
}
