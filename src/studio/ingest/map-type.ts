import { OBSERVATION_KEYS } from "../../attributes/keys";
import type { ObservationLevel, ObservationType } from "../../attributes/observation-types";
import type { OtlpSpan } from "./otlp-types";
import { logfireLevel } from "./vocabularies/logfire";
import { TYPE_RULES } from "./vocabularies/precedence";
import type { SpanSource } from "./vocabularies/source";

/** What kind of work a span stands for; `span` when nothing says more. */
export function mapType(source: SpanSource): ObservationType {
  for (const rule of TYPE_RULES) {
    const type = rule(source);
    if (type !== undefined) return type;
  }
  return "span";
}

const LEVELS: ReadonlyMap<string, ObservationLevel> = new Map([
  ["TRACE", "DEBUG"],
  ["VERBOSE", "DEBUG"],
  ["DEBUG", "DEBUG"],
  ["INFO", "DEFAULT"],
  ["LOG", "DEFAULT"],
  ["NOTICE", "DEFAULT"],
  ["OK", "DEFAULT"],
  ["SUCCESS", "DEFAULT"],
  ["DEFAULT", "DEFAULT"],
  ["WARN", "WARNING"],
  ["WARNING", "WARNING"],
  ["ERROR", "ERROR"],
  ["FATAL", "ERROR"],
  ["CRITICAL", "ERROR"],
]);

/** The level named by the attribute, whatever its case; else ERROR for a failed span; else what Logfire says. */
export function mapLevel(span: Pick<OtlpSpan, "attributes" | "statusCode">): ObservationLevel {
  const given = span.attributes.get(OBSERVATION_KEYS.level);
  const named = typeof given === "string" ? LEVELS.get(given.trim().toUpperCase()) : undefined;
  return named ?? (span.statusCode === 2 ? "ERROR" : (logfireLevel(span) ?? "DEFAULT"));
}
