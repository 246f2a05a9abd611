import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { JsonValue } from "../../api/types";
import { formatInteger } from "../../conversation/format";
import { compactJson, cutText, isJsonArray } from "../../conversation/json-text";
import { mediaOf } from "../../conversation/media-text";
import { Caret } from "../parts/icons";
import { MediaFigure } from "./media-figure";

/** Entries of one object or list shown at first, and added by each "more". */
const ENTRIES_STEP = 50;
/** Levels open at first, as long as a level has no more entries than this. */
const OPEN_DEPTH = 2;
const OPEN_ENTRIES = 24;
const STRING_STEP = 600;

/** JSON as an outline. Built only as deep and as long as it is opened, so any value is safe. */
export function JsonTree({ value }: { value: JsonValue }): JSX.Element {
  return (
    <div class="json" dir="ltr">
      <JsonNode name={null} value={value} depth={0} />
    </div>
  );
}

interface JsonNodeProps {
  readonly name: string | null;
  readonly value: JsonValue;
  readonly depth: number;
}

function JsonNode({ name, value, depth }: JsonNodeProps): JSX.Element {
  if (value === null || typeof value !== "object") {
    return (
      <div class="json-line">
        <Key name={name} />
        <Scalar value={value} />
      </div>
    );
  }
  return <Branch name={name} value={value} depth={depth} />;
}

function Branch(props: {
  name: string | null;
  value: Exclude<JsonValue, string | number | boolean | null>;
  depth: number;
}): JSX.Element {
  const { name, value, depth } = props;
  const isList = isJsonArray(value);
  const entries = Object.entries(value);
  const [isOpen, setOpen] = useState(
    depth === 0 || (depth < OPEN_DEPTH && entries.length <= OPEN_ENTRIES),
  );
  const [shownCount, setShownCount] = useState(ENTRIES_STEP);
  if (entries.length === 0) {
    return (
      <div class="json-line">
        <Key name={name} />
        <span class="json-mark">{isList ? "[]" : "{}"}</span>
      </div>
    );
  }
  const rest = entries.length - shownCount;
  const count = isList
    ? `[${formatInteger(entries.length)}]`
    : `{${formatInteger(entries.length)}}`;
  return (
    <div class="json-branch">
      {(name !== null || !isOpen) && (
        <button
          type="button"
          class="json-line json-toggle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Caret />
          <Key name={name} />
          <span class="json-mark">
            {count} {!isOpen && compactJson(value, 80)}
          </span>
        </button>
      )}
      {isOpen && (
        <div class={name === null ? rootClass(value) : "json-entries"}>
          {entries.slice(0, shownCount).map(([key, item]) => (
            <JsonNode key={key} name={key} value={item} depth={depth + 1} />
          ))}
          {rest > 0 && (
            <button
              type="button"
              class="json-more"
              onClick={() => setShownCount(shownCount + Math.min(1_000, shownCount * 2))}
            >
              {formatInteger(rest)} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** The outermost entries are indented only where one of them needs room for its mark. */
function rootClass(value: object): string {
  const hasBranch = Object.values(value).some((item) => typeof item === "object" && item !== null);
  return hasBranch ? "json-root" : "json-flat";
}

function Key({ name }: { name: string | null }): JSX.Element | null {
  if (name === null) return null;
  return <span class="json-key">{name === "" ? '""' : cutText(name, 200)}</span>;
}

function Scalar({ value }: { value: string | number | boolean | null }): JSX.Element {
  const [limit, setLimit] = useState(STRING_STEP);
  const media = useMemo(() => (typeof value === "string" ? mediaOf(value) : null), [value]);
  if (typeof value !== "string") return <span class="json-literal">{String(value)}</span>;
  const rest = value.length - limit;
  return (
    <span class="json-string" dir="auto">
      {rest > 0 ? `${cutText(value, limit)}…` : value === "" ? '""' : value}
      {rest > 0 && (
        <button
          type="button"
          class="json-more"
          onClick={() => setLimit(limit + Math.min(100_000, limit * 8))}
        >
          {formatInteger(rest)} more characters
        </button>
      )}
      {media !== null && <MediaFigure media={media} label={media.contentType} />}
    </span>
  );
}
