import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { version } from "../../package.json";
import { openApiDocument } from "../../src/studio/api/openapi/document";

/** What these tests read of an OpenAPI document. */
export interface ApiDescription {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface DescribedOperation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

// The assertion holds: test/contract/openapi.test.ts checks the document's form.
export const description = openApiDocument(version) as unknown as ApiDescription;

const ROOT = "https://playhead.test/openapi.json";

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats["default"](ajv);
ajv.addSchema({ ...description, $id: ROOT });

/** Why an answer is not as the OpenAPI description says; empty when it is. */
export function problemsOfAnswer(answer: {
  method: string;
  path: string;
  status: number;
  text: string;
}): readonly string[] {
  const operation = operationOf(answer);
  if (operation === undefined) return [`${answer.method} ${answer.path} is not described`];
  const response = operation.responses[answer.status];
  if (response === undefined) return [`its status ${answer.status} is not described`];
  const schema = response.content?.["application/json"]?.schema;
  if (schema === undefined) return [];
  const validate = validatorOf(schema);
  if (validate(JSON.parse(answer.text))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function operationOf({
  method,
  path,
}: {
  method: string;
  path: string;
}): DescribedOperation | undefined {
  // A path without parameters goes before one that has some.
  const paths = Object.entries(description.paths).sort(
    ([one], [other]) => one.split("{").length - other.split("{").length,
  );
  const found = paths.find(
    ([template, operations]) =>
      operations[method.toLowerCase()] !== undefined &&
      new RegExp(`^${template.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(path),
  );
  return found?.[1][method.toLowerCase()];
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(schema: object): ValidateFunction {
  const text = JSON.stringify(schema).replaceAll('"#/', `"${ROOT}#/`);
  const known = validators.get(text);
  if (known !== undefined) return known;
  const validate = ajv.compile(JSON.parse(text));
  validators.set(text, validate);
  return validate;
}
