/** Building blocks of JSON Schema. Spec: https://json-schema.org/draft/2020-12/json-schema-core */

export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: "string" };
export const textOrNull: Schema = { type: ["string", "null"] };
export const time: Schema = { type: "string", format: "date-time" };
export const timeOrNull: Schema = { type: ["string", "null"], format: "date-time" };
export const number: Schema = { type: "number" };
export const numberOrNull: Schema = { type: ["number", "null"] };
export const integer: Schema = { type: "integer" };
export const integerOrNull: Schema = { type: ["integer", "null"] };
export const boolean: Schema = { type: "boolean" };
export const nothing: Schema = { type: "null" };
/** Any JSON. */
export const anything: Schema = {};
export const json: Schema = { type: "object", additionalProperties: true };
export const numbers: Schema = { type: "object", additionalProperties: { type: "number" } };

export const oneOfTexts = (...values: readonly string[]): Schema => ({
  type: "string",
  enum: values,
});

export const list = (items: Schema): Schema => ({ type: "array", items });

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** With exactly these properties, of which the second ones may be absent. */
export const object = (
  properties: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema => ({
  type: "object",
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
  additionalProperties: false,
});
