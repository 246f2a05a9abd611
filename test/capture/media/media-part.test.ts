import { describe, expect, it } from "vitest";
import { isMediaKey, MEDIA_KEYS } from "../../../src/capture/media/media-part";

describe("isMediaKey", () => {
  it.each(MEDIA_KEYS)("knows %s", (key) => {
    expect(isMediaKey(key)).toBe(true);
  });

  it.each(["", "role", "content", "Data", "data ", "__proto__"])(
    "does not take %j for one",
    (key) => {
      expect(isMediaKey(key)).toBe(false);
    },
  );
});
