import type { SpanRecord } from "../attributes/span-record";

/** Names that hold an id are endless in number: past this, what is not known stays so. */
const MAX_NAMES = 1_000;
/** Longer names are neither remembered nor looked for. */
const MAX_NAME_LENGTH = 128;

/** All that the bytes of a label depend on. */
type LabelSource = Pick<SpanRecord, "name" | "type" | "isRoot" | "isParentRemote">;

interface Label extends Omit<LabelSource, "name"> {
  readonly bytes: Buffer;
}

/**
 * Encoded labels of spans by name: name, kind, flags, type and the mark of a root, as one copy instead
 * of a field each.
 */
export class SpanLabels {
  /** Mostly one for a name; a function that calls itself has two, as a root and as a child. */
  readonly #labels = new Map<string, Label[]>();

  find({ name, type, isRoot, isParentRemote }: LabelSource): Buffer | undefined {
    if (name.length > MAX_NAME_LENGTH) return undefined;
    const labels = this.#labels.get(name);
    if (labels === undefined) return undefined;
    for (let at = 0; at < labels.length; at += 1) {
      const label = labels[at];
      if (label === undefined || label.type !== type) continue;
      if (label.isRoot === isRoot && label.isParentRemote === isParentRemote) return label.bytes;
    }
    return undefined;
  }

  /** To be called for what is not found. @param bytes - copied */
  add({ name, type, isRoot, isParentRemote }: LabelSource, bytes: Uint8Array): void {
    const labels = this.#labelsOf(name);
    if (labels === undefined) return;
    const own = Buffer.allocUnsafeSlow(bytes.length); // memory of a pool would keep all of that alive
    own.set(bytes);
    labels.push({ type, isRoot, isParentRemote, bytes: own });
  }

  /** @returns undefined where a name is not to be remembered */
  #labelsOf(name: string): Label[] | undefined {
    if (name.length > MAX_NAME_LENGTH) return undefined;
    const known = this.#labels.get(name);
    if (known !== undefined || this.#labels.size >= MAX_NAMES) return known;
    const labels: Label[] = [];
    // A copy of the name: a part of a long text would keep all of that in memory.
    this.#labels.set(Buffer.from(name).toString(), labels);
    return labels;
  }
}
