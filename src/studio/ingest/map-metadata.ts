import { TRACE_KEYS } from "../../attributes/keys";
import type { JsonObject, JsonValue } from "../api/types";
import { asText, entriesOf, parsedValue, toJson } from "./attribute-values";
import type { Attributes, OtlpScope } from "./otlp-types";
import { OPEN_INFERENCE } from "./vocabularies/open-inference";
import {
  CLAIMED_KEYS,
  CLAIMED_PREFIXES,
  METADATA_FIELD_KEYS,
  OBSERVATION_METADATA_KEYS,
  OWN_SCOPE_PREFIXES,
} from "./vocabularies/precedence";

/**
 * Metadata of the observation: JSON of the bare key, overlaid by one attribute per top-level key.
 * A scope that is not an SDK of ours also keeps, under `attributes`, what no field claimed.
 */
export function mapObservationMetadata(attributes: Attributes, scope: OtlpScope): JsonObject {
  const entries = collect(attributes, OBSERVATION_METADATA_KEYS);
  // OpenInference has the whole object under a bare word, which another library may use otherwise.
  const ofOpenInference = entriesOf(attributes.get(OPEN_INFERENCE.metadata));
  for (const [name, value] of ofOpenInference ?? []) {
    if (!entries.has(name)) entries.set(name, value);
  }
  if (!OWN_SCOPE_PREFIXES.some((prefix) => scope.name.startsWith(prefix))) {
    const leftover = [...attributes].filter(
      ([key]) =>
        !CLAIMED_KEYS.has(key) &&
        !CLAIMED_PREFIXES.some((prefix) => key.startsWith(prefix)) &&
        !(key === OPEN_INFERENCE.metadata && ofOpenInference !== undefined),
    );
    if (leftover.length > 0) {
      entries.set(
        "attributes",
        Object.fromEntries(leftover.map(([key, value]) => [key, asText(value)])),
      );
    }
  }
  return Object.fromEntries(entries);
}

export function mapTraceMetadata(attributes: Attributes): JsonObject {
  return Object.fromEntries(collect(attributes, [TRACE_KEYS.metadata]));
}

/** Which program and which library the span comes from; empty where it says nothing of either. */
export function mapOrigin(resource: Attributes, scope: OtlpScope): JsonObject {
  const { name, version, attributes } = scope;
  if (resource.size + attributes.size === 0 && name === "" && version === "") return {};
  return {
    resourceAttributes: toJson(resource),
    scope: { name: scope.name, version: scope.version, attributes: toJson(scope.attributes) },
  };
}

/** Later keys do not overwrite earlier ones. */
function collect(attributes: Attributes, keys: readonly string[]): Map<string, JsonValue> {
  const collected = new Map<string, JsonValue>();
  for (const key of keys) {
    const bare = attributes.get(key);
    if (bare) {
      for (const [name, value] of entriesOf(bare) ?? [["metadata", parsedValue(bare)] as const]) {
        if (!collected.has(name)) collected.set(name, value);
      }
    }
    const prefix = `${key}.`;
    for (const [name, value] of attributes) {
      if (name.startsWith(prefix) && !METADATA_FIELD_KEYS.includes(name))
        collected.set(name.slice(prefix.length), parsedValue(value));
    }
  }
  return collected;
}
