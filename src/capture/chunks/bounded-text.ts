import { cutMark } from "../text-limit";

/** Bytes of JSON that the texts of one message may take together. */
export class TextBudget {
  #leftBytes: number;

  constructor(bytes: number) {
    this.#leftBytes = bytes;
  }

  /** @returns the text, or as much of its beginning as there is room for */
  take(text: string): string {
    let kept = text;
    let bytes = jsonBytes(kept);
    while (bytes > this.#leftBytes) {
      // In proportion, and shorter for sure.
      const length = Math.floor((kept.length * this.#leftBytes) / bytes);
      kept = wholeCharacters(kept.slice(0, Math.min(length, kept.length - 1)));
      bytes = jsonBytes(kept);
    }
    this.#leftBytes -= bytes;
    return kept;
  }

  /** Room for something besides text. @returns false where there is none left */
  reserve(bytes: number): boolean {
    if (bytes > this.#leftBytes) return false;
    this.#leftBytes -= bytes;
    return true;
  }
}

/** A text that grows by pieces until its budget is used up; what does not fit is marked at its end. */
export class BoundedText {
  readonly #budget: TextBudget;
  #text = "";
  #missingBytes = 0;

  constructor(budget: TextBudget) {
    this.#budget = budget;
  }

  get isEmpty(): boolean {
    return this.#text === "" && this.#missingBytes === 0;
  }

  /** The mark of a cut stands at its end. */
  get isCut(): boolean {
    return this.#missingBytes > 0;
  }

  append(piece: string): void {
    if (piece === "") return;
    const kept = this.isCut ? "" : this.#budget.take(piece);
    this.#text += kept;
    if (kept.length < piece.length) {
      this.#missingBytes += Buffer.byteLength(piece.slice(kept.length));
    }
  }

  toString(): string {
    return this.isCut ? this.#text + cutMark(this.#missingBytes) : this.#text;
  }
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** Without half a surrogate pair at its end. */
function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
