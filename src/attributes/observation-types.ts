/** The ten observation types, as the wire spells them. Spec: Langfuse observation types. */
export const OBSERVATION_TYPES = [
  "span",
  "generation",
  "event",
  "embedding",
  "agent",
  "tool",
  "chain",
  "retriever",
  "evaluator",
  "guardrail",
] as const;

export type ObservationType = (typeof OBSERVATION_TYPES)[number];

/** Severity of an observation. */
export const OBSERVATION_LEVELS = ["DEBUG", "DEFAULT", "WARNING", "ERROR"] as const;

export type ObservationLevel = (typeof OBSERVATION_LEVELS)[number];
