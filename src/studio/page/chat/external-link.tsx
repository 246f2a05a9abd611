import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { cutText } from "../../conversation/json-text";

export interface ExternalLinkProps {
  /** Checked: `http:`, `https:` or `mailto:`. */
  readonly url: string;
  readonly children: ComponentChildren;
}

/** A link in captured content. It asks first, and says where it leads whatever its words say. */
export function ExternalLink({ url, children }: ExternalLinkProps): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        class="external"
        title={cutText(url, 300)}
        aria-expanded={isAsking}
        onClick={() => setAsking(!isAsking)}
      >
        {children}
      </button>
      {isAsking && (
        <span class="external-ask" data-testid="external-link">
          <code dir="ltr">{cutText(url, 300)}</code>
          <a
            href={url}
            target="_blank"
            rel="noopener noreferrer nofollow"
            onClick={() => setAsking(false)}
          >
            Open
          </a>
          <button type="button" class="external" onClick={() => setAsking(false)}>
            Stay here
          </button>
        </span>
      )}
    </>
  );
}
