import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import * as z from "zod/mini";
import { describeIssue } from "../api/issues";
import { parseJson } from "../store/json-text";
import { readAdmitted } from "./back-pressure";
import type { Admission } from "./intake";
import { MAX_SMALL_BODY_BYTES } from "./limits";

/**
 * Reads the JSON body of a route that takes little, into the room that its request has.
 * @param maxBytes - largest body that is taken
 * @returns the body as the schema has it, or the answer that says what is wrong with it
 * @throws NoRoomError when there is no room for what comes
 */
export async function readJsonBody<
  Schema extends z.ZodMiniType,
  Environment extends { Bindings: HttpBindings },
>(
  context: Context<Environment>,
  admission: Admission,
  schema: Schema,
  maxBytes = MAX_SMALL_BODY_BYTES,
): Promise<{ readonly body: z.output<Schema> } | { readonly refusal: Response }> {
  const read = await readAdmitted(context, admission, { isGzipped: false, maxBytes });
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
