import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import * as z from "zod/mini";
import { describeIssue } from "../api/issues";
import { parseJson } from "../store/json-text";
import { MAX_SMALL_BODY_BYTES } from "./limits";
import { readBody } from "./read-body";

/**
 * Reads the JSON body of a route that takes little.
 * @param maxBytes - largest body that is taken
 * @returns the body as the schema has it, or the answer that says what is wrong with it
 */
export async function readJsonBody<
  Schema extends z.ZodMiniType,
  Environment extends { Bindings: HttpBindings },
>(
  context: Context<Environment>,
  schema: Schema,
  maxBytes = MAX_SMALL_BODY_BYTES,
): Promise<{ readonly body: z.output<Schema> } | { readonly refusal: Response }> {
  const read = await readBody(context.env.incoming, { isGzipped: false, maxBytes });
  // The words of the server that Langfuse runs on.
  if (read.status !== "read") {
    const text = `Body exceeded ${maxBytes / (1024 * 1024)}mb limit`;
    return { refusal: context.text(text, 413) };
  }
  const parsed = z.safeParse(schema, parseJson(read.body.toString()), { error: describeIssue });
  if (parsed.success) return { body: parsed.data };
  const message = "Invalid request data";
  return { refusal: context.json({ message, error: parsed.error.issues }, 400) };
}
