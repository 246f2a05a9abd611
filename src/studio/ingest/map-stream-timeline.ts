import { PLAYHEAD_KEYS } from "../../attributes/keys";
import { parseJson } from "../store/json-text";
import type { ObservationRecord } from "../store/records";
import type { Attributes } from "./otlp-types";

/** Numbers of a list that is taken: twice what a client of ours sends. */
const MAX_NUMBERS = 8_000;

/** When the text of a stream came; nothing where the attribute is absent or is not what it should be. */
export function mapStreamTimeline(
  attributes: Attributes,
): Pick<ObservationRecord, "streamTimeline"> {
  const given = attributes.get(PLAYHEAD_KEYS.streamTimeline);
  if (typeof given !== "string") return {};
  const list = parseJson(given);
  if (!Array.isArray(list) || list.length === 0 || list.length % 2 === 1) return {};
  if (list.length > MAX_NUMBERS) return {};
  const timeline: number[] = [];
  for (const [index, value] of list.entries()) {
    if (typeof value !== "number" || value < 0) return {};
    if (index % 2 === 0 && value < (timeline[index - 2] ?? 0)) return {};
    timeline.push(value);
  }
  return { streamTimeline: timeline };
}
