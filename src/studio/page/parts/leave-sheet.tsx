import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { linkTarget } from "../link-target";
import { CopyButton } from "./copy-button";

/**
 * Asks before a link leads out of the studio, and shows the whole address. Watches every link of the
 * page, so that none can be forgotten: what was captured may hold any.
 */
export function LeaveSheet(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [address, setAddress] = useState<URL | null>(null);
  useEffect(() => {
    const onFollow = (event: MouseEvent): void => {
      if (event.button === 2) return; // the menu of the browser, which shows where a link leads
      const link = event.target instanceof Element ? event.target.closest("[href]") : null;
      if (link === null || dialog.current?.contains(link)) return;
      const href = link.getAttribute("href") ?? "";
      const target = linkTarget({ href, isDownload: link.hasAttribute("download") }, location.href);
      if (target.kind === "own") return;
      event.preventDefault();
      event.stopPropagation();
      if (target.kind === "refused") return;
      setAddress(target.url);
      dialog.current?.showModal();
    };
    // Before any other listener; the middle button is no click.
    document.addEventListener("click", onFollow, { capture: true });
    document.addEventListener("auxclick", onFollow, { capture: true });
    return () => {
      document.removeEventListener("click", onFollow, { capture: true });
      document.removeEventListener("auxclick", onFollow, { capture: true });
    };
  }, []);
  // Who is reached stands between a user name, which may look like a host, and the path.
  const [, before = "", host = "", after = ""] =
    /^([a-z]+:(?:\/\/)?(?:[^@/?#]*@)?)([^/?#]*)(.*)$/.exec(address?.href ?? "") ?? [];
  const close = (): void => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      class="help leave"
      aria-labelledby="leave-title"
      data-testid="leave-sheet"
      onClose={() => setAddress(null)}
    >
      <h2 id="leave-title">Leave the studio?</h2>
      <p>This link leads to another place:</p>
      {address !== null && (
        <>
          {/* An address as the browser writes it: no character that hides or turns around. */}
          <p class="leave-address" dir="ltr" data-testid="leave-address">
            {before}
            <strong>{host}</strong>
            {after}
          </p>
          <div class="leave-actions">
            <a
              class="button"
              href={address.href}
              target="_blank"
              rel="noopener noreferrer"
              onClick={close}
            >
              Open in a new tab
            </a>
            <button type="button" class="button" onClick={close}>
              Stay here
            </button>
            <CopyButton label="Copy the address" caption="Copy" text={() => address.href} />
          </div>
        </>
      )}
    </dialog>
  );
}
