import { errorName, nameOf } from "./describe-name";
import { describeObject } from "./describe-object";
import { replaceDataUris } from "./media/data-uris";
import type { MediaCollector } from "./media/media-collector";
import { cutText } from "./text-limit";

/** Objects inside objects; deeper ones are left out, with a mark. */
const MAX_DEPTH = 32;
/** An object that stands in several places is written again while it is no larger, in bytes. */
const MAX_REPEATED_BYTES = 4_096;
/** Kept free behind a text that was cut, for the quotes and brackets that follow. */
const CLOSING_BYTES = 128;
/** Longest path of a shared object that is shown. */
const MAX_PATH_LENGTH = 200;

/** What JSON can hold. */
export type Described =
  | string
  | number
  | boolean
  | null
  | Described[]
  | { [key: string]: Described };

/**
 * Rebuilds any value from what JSON can hold, saying by marks in brackets what JSON has no word
 * for: `[circular]`, `[function name]`, `[Uint8Array: 12 bytes]`. Maps become objects (or lists of
 * pairs), sets lists, errors their name, message, stack and cause. Never throws.
 *
 * An object that stands in several places is described once: small ones are written again from that,
 * larger ones become `[shared: $.path.to.it]`. So the work is linear in what is there, however often
 * it is shared.
 *
 * Ownership: the result is new throughout; the input is only read, each property at most once.
 */
export function describeValue(
  value: unknown,
  { budgetBytes, media }: { budgetBytes: number; media?: MediaCollector | undefined },
): Described {
  return new ValueWalk(budgetBytes, media).describe(value, "$");
}

/** Where an object was met first. */
interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
  /** Undefined while it is open: meeting it then is a cycle. */
  described: Described | undefined;
  /** Of text, repetitions included. */
  bytes: number;
  /** Levels of nesting inside. */
  height: number;
}

/** One walk through one value, depth first. */
export class ValueWalk {
  /** Takes the media that are found; undefined where none are looked for. */
  readonly media: MediaCollector | undefined;
  readonly #places = new Map<object, Place>();
  #current: Place | undefined;
  #depth = 0;
  /** Bytes of text still worth describing; what comes after is cut by the caller anyway. */
  #leftBytes: number;

  constructor(budgetBytes: number, media: MediaCollector | undefined) {
    this.#leftBytes = budgetBytes;
    this.media = media;
  }

  /** Nothing more has room: lists and members end with a mark. */
  get isFull(): boolean {
    return this.#leftBytes < 0;
  }

  /** @param key - of the value in what it stands in */
  describe(value: unknown, key: string | number): Described {
    this.#leftBytes -= 2;
    switch (typeof value) {
      case "string":
        return this.text(value);
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "boolean":
        return value;
      case "bigint":
        return this.text(String(value));
      case "symbol":
        return this.text(`[${String(value)}]`);
      case "function":
        return this.text(`[function ${nameOf(value) || "anonymous"}]`);
      case "undefined":
        return null;
      case "object":
        return value === null ? null : this.#object(value, key);
    }
  }

  /**
   * Text beyond what is left would be rendered only to be cut: it is cut here, so that its own mark
   * shows how much is gone and what stands around it still closes.
   */
  text(whole: string): string {
    const { media } = this;
    const text = media === undefined ? whole : replaceDataUris(whole, media, this.#leftBytes);
    let kept = text;
    if (text.length > this.#leftBytes) {
      const room = Math.max(0, this.#leftBytes - CLOSING_BYTES);
      kept = cutText(text, room);
      // Escapes take room, too: cut again in proportion.
      const writtenBytes = Buffer.byteLength(JSON.stringify(kept));
      if (writtenBytes > room) kept = cutText(text, Math.floor((room * room) / writtenBytes));
    }
    this.#leftBytes -= kept.length;
    return kept;
  }

  #object(value: object, key: string | number): Described {
    const known = this.#places.get(value);
    if (known !== undefined) return this.#again(known);
    if (this.#depth >= MAX_DEPTH) return "[too deep]";
    if (this.isFull) return "[cut]";
    const parent = this.#current;
    const place: Place = { parent, key, described: undefined, bytes: 0, height: 0 };
    const bytesBefore = this.#leftBytes;
    this.#places.set(value, place);
    this.#current = place;
    this.#depth += 1;
    let described: Described;
    try {
      described = describeObject(value, this);
    } catch (error) {
      described = `[unreadable: ${errorName(error)}]`;
    }
    this.#depth -= 1;
    this.#current = parent;
    place.described = described;
    place.bytes = bytesBefore - this.#leftBytes;
    if (parent !== undefined) parent.height = Math.max(parent.height, place.height + 1);
    return described;
  }

  #again(place: Place): Described {
    if (place.described === undefined) return "[circular]";
    const isSmall = place.bytes <= Math.min(MAX_REPEATED_BYTES, this.#leftBytes);
    // Repetitions inside repetitions would otherwise nest without end.
    if (!isSmall || this.#depth + place.height >= MAX_DEPTH) {
      return this.text(`[shared: ${pathOf(place)}]`);
    }
    this.#leftBytes -= place.bytes;
    const parent = this.#current;
    if (parent !== undefined) parent.height = Math.max(parent.height, place.height + 1);
    return place.described;
  }
}

/** Where it was met first, as in JSONPath: `$.messages[3]`. */
function pathOf(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) {
    if (at.parent === undefined) steps.push("$");
    else if (typeof at.key === "number") steps.push(`[${at.key}]`);
    else if (/^[a-z_$][\w$]*$/i.test(at.key)) steps.push(`.${at.key}`);
    else steps.push(`[${JSON.stringify(at.key.slice(0, MAX_PATH_LENGTH))}]`);
  }
  const path = steps.reverse().join("");
  return path.length > MAX_PATH_LENGTH ? `${path.slice(0, MAX_PATH_LENGTH)}...` : path;
}
