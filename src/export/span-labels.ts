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
 * Encoded labels of spans (name, kind, type, flags) by name: one copy instead of four fields to
 * write. Of spans that share a name and differ in the rest, the last one is remembered.
 */
export class SpanLabels {
  readonly #labels = new Map<string, Label>();

  find({ name, type, isRoot, isParentRemote }: LabelSource): Buffer | undefined {
    if (name.length > MAX_NAME_LENGTH) return undefined;
    const label = this.#labels.get(name);
    if (label === undefined || label.type !== type) return undefined;
    const isSame = label.isRoot === isRoot && label.isParentRemote === isParentRemote;
    return isSame ? label.bytes : undefined;
  }

  /** @param bytes - copied */
  add({ name, type, isRoot, isParentRemote }: LabelSource, bytes: Uint8Array): void {
    if (name.length > MAX_NAME_LENGTH) return;
    if (this.#labels.size >= MAX_NAMES && !this.#labels.has(name)) return;
    // A copy of the name: a part of a long text would keep all of that in memory.
    const key = Buffer.from(name).toString();
    this.#labels.set(key, { type, isRoot, isParentRemote, bytes: Buffer.from(bytes) });
  }
}
