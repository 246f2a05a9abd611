/** Generated conversations, as records of the store. */

import { createProse, createRandom } from "./random.mjs";

export const TURNS_PER_SESSION = 4;
export const OBSERVATIONS_PER_TURN = 5;
/** Of users, tags and so on that {@link sessionsOf} gives out. */
const USERS = 5_000;
const TAGS = ["billing", "onboarding", "refund", "vip", "beta", "mobile", "eu", "churn"];
const MODELS = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4", "gemini-2.5-pro", "llama-3.3"];
const ENVIRONMENTS = ["production", "production", "production", "staging", "development"];

const DAY_US = 86_400e6;
const START_US = Date.UTC(2026, 5, 1) * 1_000;
const TYPES = ["agent", "retriever", "tool", "generation", "generation"];

/**
 * Sessions over 180 days, one after another.
 * @param sessionCount - how many
 * @returns for each `{ observations, scores }`
 */
export function* sessionsOf({ sessionCount, seed }) {
  const random = createRandom(seed);
  const prose = createProse(random);
  for (let index = 0; index < sessionCount; index++) {
    yield sessionOf(index, { sessionCount, random, prose });
  }
}

function sessionOf(index, { sessionCount, random, prose }) {
  const sessionId = `chat-${String(index).padStart(6, "0")}-${random.hex(8)}`;
  const userId = `user-${random.below(USERS)}@example.com`;
  const tags = TAGS.filter(() => random.next() < 0.15);
  const environment = random.pick(ENVIRONMENTS);
  const model = random.pick(MODELS);
  const observations = [];
  const scores = [];
  let startUs = START_US + Math.floor((index / sessionCount) * 180 * DAY_US);
  for (let turn = 0; turn < TURNS_PER_SESSION; turn++) {
    const traceId = random.hex(32);
    const question = prose.text(60 + random.below(300));
    const rootId = random.hex(16);
    for (let place = 0; place < OBSERVATIONS_PER_TURN; place++) {
      const isRoot = place === 0;
      const type = TYPES[place];
      const isModelCall = type === "generation";
      const hasFailed = random.next() < 0.01;
      const inputTokens = isModelCall ? 50 + random.below(2_000) : 0;
      const outputTokens = isModelCall ? 10 + random.below(500) : 0;
      const totalCost = isModelCall ? (inputTokens * 2.5 + outputTokens * 10) / 1e6 : null;
      const durationUs = 20_000 + random.below(3_000_000);
      observations.push({
        traceId,
        id: isRoot ? rootId : random.hex(16),
        parentId: isRoot ? null : rootId,
        isAppRoot: isRoot,
        type,
        name: isRoot ? "answer" : `${type}-${place}`,
        startUs: startUs + place * 1_000,
        startNs: 0,
        endUs: startUs + place * 1_000 + durationUs,
        completionStartUs: isModelCall ? startUs + place * 1_000 + 10_000 : null,
        level: hasFailed ? "ERROR" : "DEFAULT",
        statusMessage: hasFailed ? "The upstream service took too long" : null,
        model: isModelCall ? model : null,
        modelParameters: isModelCall ? { temperature: 0.2 } : {},
        usageDetails: isModelCall ? { input: inputTokens, output: outputTokens } : {},
        costDetails: totalCost === null ? {} : { total: totalCost },
        inputTokens,
        outputTokens,
        totalTokens: inputTokens + outputTokens,
        totalCost,
        promptName: null,
        promptVersion: null,
        input: isModelCall
          ? JSON.stringify([{ role: "user", content: question }])
          : JSON.stringify({ question: question.slice(0, 80) }),
        output: prose.text(isModelCall ? 100 + random.below(600) : 60 + random.below(200)),
        metadata: { step: place },
        origin: {},
        exceptions: [],
        sessionId,
        userId,
        traceName: "answer",
        tags,
        isPublic: false,
        traceMetadata: {},
        environment,
        release: null,
        version: null,
      });
    }
    if (random.next() < 0.3) scores.push(scoreOf(random, { traceId, timestampUs: startUs }));
    startUs += 10e6 + random.below(120e6);
  }
  return { observations, scores };
}

function scoreOf(random, { traceId, timestampUs }) {
  const isCategory = random.next() < 0.3;
  return {
    id: random.hex(32),
    name: isCategory ? "verdict" : "helpful",
    dataType: isCategory ? "CATEGORICAL" : "NUMERIC",
    value: isCategory ? 0 : Math.round(random.next() * 100) / 100,
    stringValue: isCategory ? random.pick(["good", "fair", "bad"]) : null,
    comment: null,
    metadata: null,
    source: "API",
    environment: "default",
    configId: null,
    queueId: null,
    timestampUs,
    traceId,
    observationId: null,
    sessionId: null,
    datasetRunId: null,
  };
}
