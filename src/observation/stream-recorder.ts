import { ChunkCollector } from "../capture/chunk-collector";
import { chunkText } from "../capture/chunk-shapes";
import { StreamTimeline } from "../capture/stream-timeline";
import type { RecordedObservation } from "./recorded-observation";

/** What a streamed result leaves on its observation: its parts joined, and when they came. */
export class StreamRecorder {
  readonly #observation: RecordedObservation;
  readonly #maxBytes: number;
  /** Made with the first chunk: most results are no streams. */
  #collector: ChunkCollector | undefined;
  #timeline: StreamTimeline | undefined;
  #firstMs: number | undefined;

  /** @param maxBytes - of the parts that are kept; 0 keeps none */
  constructor(observation: RecordedObservation, maxBytes: number) {
    this.#observation = observation;
    this.#maxBytes = maxBytes;
  }

  add(chunk: unknown): void {
    if (this.#observation.hasEnded) return;
    const ms = this.#observation.elapsedMs;
    this.#firstMs ??= ms;
    const characters = chunk instanceof Uint8Array ? chunk.byteLength : chunkText(chunk).length;
    if (characters > 0) {
      this.#timeline ??= new StreamTimeline();
      this.#timeline.add(ms, characters);
    }
    if (this.#maxBytes === 0) return;
    this.#collector ??= new ChunkCollector(this.#maxBytes);
    this.#collector.add(chunk);
  }

  /** What came so far; undefined when nothing did or nothing is kept. */
  join(): unknown {
    return this.#collector?.join();
  }

  close(): void {
    if (this.#firstMs === undefined) return;
    this.#observation.setStream({ firstMs: this.#firstMs, timeline: this.#timeline?.toText() });
  }
}
