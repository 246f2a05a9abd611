import { StringDecoder } from "node:string_decoder";
import { ChunkCollector } from "../capture/chunk-collector";
import { ModelAnswer } from "../capture/chunks/model-answer";
import { chunkError, chunkText, isPrelude } from "../capture/chunks/shapes";
import { StreamTimeline } from "../capture/stream-timeline";
import type { RecordedObservation } from "./recorded-observation";

/**
 * What the result of a function leaves on its observation: the parts of a stream joined, when they
 * came, and for a model call which model answered and what it used.
 */
export class StreamRecorder {
  readonly #observation: RecordedObservation;
  readonly #maxBytes: number;
  /** Each made with the first chunk that needs it: most results are no streams. */
  #collector: ChunkCollector | undefined;
  #timeline: StreamTimeline | undefined;
  #decoder: StringDecoder | undefined;
  #answer: ModelAnswer | undefined;
  #firstMs: number | undefined;

  /** @param maxBytes - of the parts that are kept; 0 keeps none */
  constructor(observation: RecordedObservation, maxBytes: number) {
    this.#observation = observation;
    this.#maxBytes = maxBytes;
  }

  add(chunk: unknown): void {
    if (!this.#observation.isRecording) return;
    const ms = this.#observation.elapsedMs;
    if (!isPrelude(chunk)) this.#firstMs ??= ms;
    const characters = this.#textOf(chunk).length;
    if (characters > 0) {
      this.#timeline ??= new StreamTimeline();
      this.#timeline.add(ms, characters);
    }
    this.readAnswer(chunk);
    const error = chunkError(chunk);
    if (error !== undefined && error !== null) this.#observation.recordError(error);
    if (this.#maxBytes === 0) return;
    this.#collector ??= new ChunkCollector(this.#maxBytes);
    this.#collector.add(chunk);
  }

  /** Takes from a chunk or a whole result what it says about the model, where it is one's answer. */
  readAnswer(value: unknown): void {
    if (!this.#observation.isModelCall || !this.#observation.isRecording) return;
    this.#answer ??= new ModelAnswer();
    this.#answer.read(value);
  }

  /** What came so far; undefined when nothing did or nothing is kept. */
  join(): unknown {
    return this.#collector?.join();
  }

  close(): void {
    this.#observation.setResult({
      firstMs: this.#firstMs,
      timeline: this.#timeline?.toText(),
      model: this.#answer?.model,
      usageDetails: this.#answer?.usageDetails,
    });
  }

  /** Of bytes, the characters they complete. */
  #textOf(chunk: unknown): string {
    if (!(chunk instanceof Uint8Array)) return chunkText(chunk);
    this.#decoder ??= new StringDecoder("utf8");
    return this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
}
