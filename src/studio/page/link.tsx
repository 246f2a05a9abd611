import type { ComponentChildren, JSX } from "preact";
import { isEmbedded } from "./embedded";
import { navigate } from "./navigation";

export interface LinkProps {
  readonly href: string;
  readonly class?: string;
  readonly children: ComponentChildren;
  readonly current?: boolean;
  readonly testId?: string;
  /** Whether `j` and `k` stop here. */
  readonly isStop?: boolean;
  /** Its accessible name, where its text does not say enough; begins with the text. */
  readonly label?: string;
}

/**
 * A real link: opened in place on a plain click, by the browser on any other (new tab, download).
 * In an exported page, which holds no other view, there is none.
 */
export function Link(props: LinkProps): JSX.Element | null {
  if (isEmbedded()) return null;
  return (
    <a
      href={props.href}
      class={props.class}
      aria-label={props.label}
      aria-current={props.current ? "page" : undefined}
      data-testid={props.testId}
      data-stop={props.isStop ? "" : undefined}
      onClick={(event) => {
        const isPlain = event.button === 0 && !event.defaultPrevented;
        if (!isPlain || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(props.href);
      }}
    >
      {props.children}
    </a>
  );
}
