import { type ComponentChildren, Fragment, type JSX, type RefObject } from "preact";
import { useRef, useState } from "preact/hooks";

/** A modal sheet that somebody opens, closes, and may open again before the browser tells of the end. */
export interface SheetState<Shown> {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  /** What it shows, under a number of its own each time; null while it is closed. */
  readonly opening: { readonly number: number; readonly shown: Shown } | null;
  /** Does nothing while it is open. */
  readonly open: (shown: Shown) => void;
  /** Closes what is shown now: what waited for an answer does not close what was opened since. */
  readonly close: () => void;
  readonly onClosed: () => void;
}

export function useSheet<Shown = void>(): SheetState<Shown> {
  const dialog = useRef<HTMLDialogElement>(null);
  const latest = useRef(0);
  const [opening, setOpening] = useState<SheetState<Shown>["opening"]>(null);
  return {
    dialog,
    opening,
    open(shown) {
      if (dialog.current?.open) return;
      latest.current += 1;
      setOpening({ number: latest.current, shown });
      dialog.current?.showModal();
    },
    close() {
      if (opening?.number === latest.current) dialog.current?.close();
    },
    onClosed() {
      if (dialog.current?.open === false) setOpening(null); // else it was opened again meanwhile
    },
  };
}

export interface SheetProps<Shown>
  extends Omit<JSX.IntrinsicElements["dialog"], "ref" | "onClose" | "children"> {
  /** By {@link useSheet}. */
  readonly sheet: SheetState<Shown>;
  /** Its content, which begins anew each time. */
  readonly children: (shown: Shown) => ComponentChildren;
}

/** The dialog of a sheet; its content is there only while it is open. */
export function Sheet<Shown>({ sheet, children, ...rest }: SheetProps<Shown>): JSX.Element {
  const { dialog, opening, onClosed } = sheet;
  return (
    <dialog {...rest} ref={dialog} onClose={onClosed}>
      {opening !== null && <Fragment key={opening.number}>{children(opening.shown)}</Fragment>}
    </dialog>
  );
}
