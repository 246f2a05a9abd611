import type { Diagnostics } from "../../diagnostics/logger";
import type { DeliveryEvent } from "../../diagnostics/stats";

export interface UploadTroublesOptions {
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent?: ((event: DeliveryEvent) => void) | undefined;
}

/** Says why uploads fail, once per reason and target until one works again. */
export class UploadTroubles {
  readonly #options: UploadTroublesOptions;
  readonly #topics = new Set<string>();

  constructor(options: UploadTroublesOptions) {
    this.#options = options;
  }

  /** @param targetName - undefined where it is not known which of them it was */
  tell(targetName: string | undefined, reason: string): void {
    const where = targetName === undefined ? "" : ` to ${targetName}`;
    const topic = `media${where}: ${reason}`;
    if (this.#topics.has(topic)) return;
    this.#topics.add(topic);
    const { diagnostics, onEvent } = this.#options;
    diagnostics.warnOnce(
      topic,
      `Cannot upload media${where}: ${reason}. They stand inline instead, cut to maxFieldBytes.`,
    );
    onEvent?.({ kind: "unreachable", signal: "spans", count: 1, reason: `media: ${reason}` });
  }

  /** An upload has worked. */
  settle(): void {
    for (const topic of this.#topics) this.#options.diagnostics.settle(topic);
    this.#topics.clear();
  }
}
