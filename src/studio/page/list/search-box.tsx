import type { JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { CloseIcon } from "../parts/icons";
import { SearchIcon } from "./list-icons";

export interface SearchBoxProps {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly value: string;
  /** Its accessible name. @default "Search the sessions" */
  readonly label?: string;
  /** @default "Search in everything" */
  readonly placeholder?: string;
  /** @param isFirst - whether the text was still as it stood in the address: the first change of a search */
  readonly onSearch: (text: string, isFirst: boolean) => void;
  /** The reader goes on to the results. */
  readonly onLeave: () => void;
}

/** A pause in typing after which is searched, in milliseconds: a fast typist's letters come closer together. */
const PAUSE_MS = 120;

export function SearchBox(props: SearchBoxProps): JSX.Element {
  const { input, value, onSearch, onLeave } = props;
  const [text, setText] = useState(value);
  const timer = useRef<number | undefined>(undefined);
  const isTyping = useRef(false);
  /** What was searched for last, or came from elsewhere. */
  const known = useRef(value);

  // The address has changed by another way than typing: back, forward, "clear".
  useEffect(() => {
    if (value !== known.current) isTyping.current = false; // what is typed next is a search of its own
    known.current = value;
    if (timer.current === undefined) setText((typed) => (typed.trim() === value ? typed : value));
  }, [value]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const search = (typed: string): void => {
    window.clearTimeout(timer.current);
    timer.current = undefined;
    if (typed.trim() === value) return;
    known.current = typed.trim();
    onSearch(known.current, !isTyping.current);
    isTyping.current = true;
  };
  const type = (typed: string): void => {
    setText(typed);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => search(typed), PAUSE_MS);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      setText("");
      search("");
      if (text === "") input.current?.blur();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      if (text.trim() === value) onLeave();
      else search(text); // what it finds is not there yet
    }
  };
  return (
    <search class="search">
      <SearchIcon />
      <input
        ref={input}
        type="search"
        class="search-field"
        placeholder={props.placeholder ?? "Search in everything"}
        aria-label={props.label ?? "Search the sessions"}
        aria-keyshortcuts="/"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          isTyping.current = false;
        }}
      />
      {text === "" ? (
        <kbd>/</kbd>
      ) : (
        <button
          type="button"
          class="search-clear"
          aria-label="Clear the search"
          onClick={() => {
            setText("");
            search("");
            input.current?.focus();
          }}
        >
          <CloseIcon />
        </button>
      )}
    </search>
  );
}
