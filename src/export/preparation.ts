import type { SpanRecord } from "../attributes/span-record";
import type { TargetConfig } from "../config/targets";
import type { MediaStage } from "./media/media-stage";
import type { Redaction } from "./redaction/redaction";

export interface PreparationTools {
  /** Undefined where media stay in their texts. */
  readonly media: MediaStage | undefined;
  /** Undefined where nothing is taken out. */
  readonly redaction: Redaction | undefined;
}

/** What a record waits for before it can be encoded. */
export interface Preparation {
  /** Resolves when it is ready; never rejects. */
  readonly isReady: Promise<true>;
  /** Makes it ready now, with what there is. */
  expire(): void;
}

/**
 * Makes a record, in place, what may leave: reference media → take out → upload what is still there.
 * So nothing is uploaded that a mask has taken out.
 * @param targets - that the record goes to
 * @returns undefined when it is ready
 */
export function prepare(
  record: SpanRecord,
  { media, redaction }: PreparationTools,
  targets: readonly { readonly config: TargetConfig }[],
): Preparation | undefined {
  if (media === undefined || record.media === undefined || record.media.length === 0) {
    const isClean = redaction?.span(record);
    if (isClean === undefined) return undefined;
    return { isReady: isClean.then(() => true), expire: () => redaction?.failSpan(record) };
  }
  const configs = targets.map(({ config }) => config);
  return prepareWithMedia(record, media, redaction, configs);
}

function prepareWithMedia(
  record: SpanRecord,
  media: MediaStage,
  redaction: Redaction | undefined,
  configs: readonly TargetConfig[],
): Preparation {
  let isTakenOut = redaction === undefined;
  let isExpired = false;
  const run = async (): Promise<true> => {
    await media.refer(record, configs);
    if (!isExpired) await redaction?.span(record);
    isTakenOut = true;
    if (!isExpired) await media.upload(record);
    return true;
  };
  return {
    isReady: run(),
    expire() {
      isExpired = true;
      media.settle(record);
      // Rules are applied at once; a mask that would have to be waited for is not.
      if (!isTakenOut && redaction?.span(record) !== undefined) redaction.failSpan(record);
    },
  };
}
