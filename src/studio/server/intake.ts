/**
 * Room for what requests bring, from their first byte to their answer. It bounds the memory of all
 * requests together, as the limits of a body bound that of one.
 */
export interface Intake {
  /**
   * Undefined when there is no room for a request; its client has to come again later.
   * @param expectedBytes - what it announces; counted only as it comes, since it may never come
   */
  admit(expectedBytes: number): Admission | undefined;
  readonly maxBytes: number;
}

/** The room that one request has. */
export interface Admission {
  /** @returns false when there is no room for that much; then the admission stays as it was */
  growTo(bytes: number): boolean;
  /** Idempotent. */
  release(): void;
}

export function createIntake(maxBytes: number): Intake {
  let usedBytes = 0;
  return {
    maxBytes,
    admit(expectedBytes) {
      let ownBytes = 0;
      // One that is alone is always let in: its own limits bound it.
      const hasRoomFor = (bytes: number): boolean =>
        usedBytes === ownBytes || usedBytes - ownBytes + bytes <= maxBytes;
      if (!hasRoomFor(expectedBytes)) return undefined;
      return {
        growTo(bytes) {
          if (bytes <= ownBytes) return true;
          if (!hasRoomFor(bytes)) return false;
          usedBytes += bytes - ownBytes;
          ownBytes = bytes;
          return true;
        },
        release() {
          usedBytes -= ownBytes;
          ownBytes = 0;
        },
      };
    },
  };
}
