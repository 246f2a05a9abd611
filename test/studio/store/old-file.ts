import { openDatabase } from "../../../src/studio/store/open-database";
import type { ObservationRecord } from "../../../src/studio/store/records";
import { MIGRATIONS } from "../../../src/studio/store/schema";
import { observationOf, START_US } from "./records";

const END_US = START_US + 1_000_000;

/** What {@link writeOldFile} writes, as records. */
export const OLD_OBSERVATIONS: readonly ObservationRecord[] = [
  observationOf({
    traceId: "turn",
    sessionId: "s",
    userId: "ann",
    tags: ["vip"],
    model: "gpt-4o",
    inputTokens: 5,
    outputTokens: 3,
    totalTokens: 8,
    totalCost: 0.25,
    input: "said before @@@langfuseMedia:type=image/png|id=file|source=bytes@@@",
  }),
  observationOf({ traceId: "alone", input: "said to nobody" }),
];

/** One thing in each table, by the schema version that made it; a later one may have changed it. */
const FILL: readonly ((version: number) => string)[] = [
  (version) => `
    INSERT INTO observations (
      trace_id, id, type, name, start_us, start_ns, end_us, level, input_tokens, output_tokens,
      total_tokens, total_cost, model, session_id, user_id, tags, carries, environment,
      usage_details, cost_details, model_parameters, exceptions, trace_metadata, origin, metadata,
      input
    ) VALUES (
      'turn', 'o', 'span', 'observation', ${START_US}, 0, ${END_US}, 'DEFAULT', 5, 3,
      8, 0.25, 'gpt-4o', 's', 'ann', '["vip"]', 131, 'default',
      '{}', '{}', '{}', '[]', '{}', '{}', '{}',
      'said before @@@langfuseMedia:type=image/png|id=file|source=bytes@@@'
    ), (
      'alone', 'o', 'span', 'observation', ${START_US}, 0, ${END_US}, 'DEFAULT', 0, 0,
      0, NULL, NULL, NULL, NULL, '[]', 128, 'default',
      '{}', '{}', '{}', '[]', '{}', '{}', '{}', 'said to nobody'
    );
    INSERT INTO traces (
      id, session_id, name, user_id, tags, is_public, environment, root_id, first_message, start_us,
      end_us, observation_count, error_count, input_tokens, output_tokens, total_tokens, total_cost,
      models
    ) VALUES (
      'turn', 's', 'observation', 'ann', '["vip"]', 0, 'default', 'o', 'said before', ${START_US},
      ${END_US}, 1, 0, 5, 3, 8, 0.25, '["gpt-4o"]'
    ), (
      'alone', NULL, 'observation', NULL, '[]', 0, 'default', 'o', 'said to nobody', ${START_US},
      ${END_US}, 1, 0, 0, 0, 0, NULL, '[]'
    );
    INSERT INTO sessions (
      id, first_message, trace_count, user_ids, tags, environments, start_us, end_us,
      observation_count, error_count, input_tokens, output_tokens, total_tokens, total_cost, models
      ${version < 4 ? "" : ", costed_trace_count"}
    ) VALUES (
      's', 'said before', 1, '["ann"]', '["vip"]', '["default"]', ${START_US}, ${END_US}, 1, 0, 5, 3,
      8, 0.25, '["gpt-4o"]' ${version < 4 ? "" : ", 1"}
    );
    INSERT INTO scores (
      id, name, data_type, value, source, environment, timestamp_us, trace_id, counts_for_session_id
    ) VALUES ('score', 'quality', 'NUMERIC', 0.5, 'API', 'default', ${START_US}, 'turn', 's');`,
  () => `
    INSERT INTO media (id, hash, content_type, content_length, uploaded_us, content)
    VALUES ('file', 'hash', 'image/png', 3, ${START_US}, x'504e47');
    INSERT INTO media_places VALUES ('file', 'turn', 'o', 'input');`,
  () => "",
  () => `
    INSERT INTO session_values (session, kind, value, count) VALUES
      (1, 'user', 'ann', 1), (1, 'tag', 'vip', 1), (1, 'environment', 'default', 1),
      (1, 'model', 'gpt-4o', 1);
    INSERT INTO session_bookmarks VALUES ('s');`,
  () => `
    INSERT INTO ingestion_events (
      entity, entity_id, envelope_id, trace_id, timestamp_us, type, body
    ) VALUES (
      'observation', 'late', 'e', 'legacy', ${START_US}, 'span-create',
      '{"id":"late","traceId":"legacy","name":"said in parts"}'
    );`,
  () => `
    INSERT INTO comments (id, object_type, object_id, content, created_us)
    VALUES ('comment', 'TRACE', 'turn', 'look', ${START_US});
    INSERT INTO score_configs (id, name, data_type, is_archived, created_us, updated_us)
    VALUES ('config', 'quality', 'NUMERIC', 0, ${START_US}, ${START_US});`,
  () => `
    INSERT INTO studio_keys (public_key, secret_hash, created_us)
    VALUES ('pk', 'hash of the secret', ${START_US});`,
  () => "UPDATE observations SET stream_timeline = '[0,4]' WHERE trace_id = 'turn';",
  () => "INSERT INTO search_purge VALUES ('wanted');",
  // From here on the writer notes what the search has to read; before, a trigger did.
  () => "INSERT INTO search_pending VALUES (1, 0), (2, 0);",
  () => "UPDATE studio_keys SET is_for_loopback = 1;",
  () => `
    INSERT INTO ingestion_events (
      entity, entity_id, envelope_id, timestamp_us, type, body
    ) VALUES ('observation', 'stray', 'e', ${START_US}, 'span-update', '{"id":"stray"}');`,
  () => `
    INSERT INTO models VALUES (
      'm', 'tiny', '^tiny$', NULL, ${END_US}, 'TOKENS', '{"input":0.5}', ${START_US}
    );
    INSERT INTO price_update VALUES (1, 'm', 1, 0);`,
  () => `
    INSERT INTO publications (id, token_hash, session_id, redact, created_us, created_by)
    VALUES ('publication', 'hash of the token', 's', '[]', ${START_US}, '{}');`,
];

/** A file as a studio of that schema version left it, with something in each of its tables. */
export async function writeOldFile(path: string, version: number): Promise<void> {
  if (FILL.length !== MIGRATIONS.length) {
    throw new Error(`Expected something to fill each of ${MIGRATIONS.length} versions with`);
  }
  const database = await openDatabase(path);
  for (const migration of MIGRATIONS.slice(0, version)) database.exec(migration);
  for (const fill of FILL.slice(0, version)) database.exec(fill(version));
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
}
