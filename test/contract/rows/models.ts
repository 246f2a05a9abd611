import { expect } from "vitest";
import type { ContractRow } from "../contract-row";
import { ISO_TIME, UUID } from "../seed";

const MISSING = { message: "No model with this id found.", error: "LangfuseNotFoundError" };
const TINY = {
  modelName: "tiny",
  matchPattern: "(?i)^tiny$",
  startDate: "2025-01-01",
  unit: "TOKENS",
};
const tierOf = (prices: object, conditions: unknown[] = []) => ({
  name: "Standard",
  isDefault: true,
  priority: 0,
  conditions,
  prices,
});
const ROW = {
  ...TINY,
  id: expect.stringMatching(UUID),
  startDate: "2025-01-01T00:00:00.000Z",
  tokenizerId: null,
  tokenizerConfig: null,
  isLangfuseManaged: false,
  createdAt: expect.stringMatching(ISO_TIME),
};

const post = { section: "5", request: "POST /api/public/models" } as const;

export const MODEL_ROWS: readonly ContractRow[] = [
  {
    ...post,
    rule: "a model has a price for what goes in and one for what comes out",
    send: { ...TINY, inputPrice: 0.000001, outputPrice: 0.000002, tokenizerId: "openai" },
    status: 200,
    body: {
      ...ROW,
      inputPrice: 0.000001,
      outputPrice: 0.000002,
      totalPrice: null,
      prices: { input: { price: 0.000001 }, output: { price: 0.000002 } },
      pricingTiers: [
        {
          id: expect.any(String),
          ...tierOf({ input: 0.000001, output: 0.000002 }),
        },
      ],
    },
    afterwards: {
      request: "GET /api/public/models?limit=1",
      status: 200,
      part: { data: [{ modelName: "tiny" }], meta: { page: 1, limit: 1 } },
    },
  },
  {
    ...post,
    rule: "a model has the prices of its one tier",
    send: { ...TINY, pricingTiers: [tierOf({ input: 1, input_cached_tokens: 0.5 })] },
    status: 200,
    part: { inputPrice: 1, prices: { input_cached_tokens: { price: 0.5 } } },
  },
  {
    ...post,
    rule: "a tier with conditions is refused",
    send: { ...TINY, pricingTiers: [tierOf({ input: 1 }, [{ operator: "gt" }])] },
    status: 400,
    problems: ["pricingTiers"],
  },
  {
    ...post,
    rule: "a price for the total stands alone",
    send: { ...TINY, inputPrice: 1, totalPrice: 1 },
    status: 400,
    problems: ["prices"],
  },
  {
    ...post,
    rule: "a pattern that is none is refused",
    send: { ...TINY, matchPattern: "^(tiny", inputPrice: 1 },
    status: 400,
    problems: ["matchPattern"],
  },
  {
    section: "5",
    rule: "a model that comes with the studio is one of the provider's",
    request: "GET /api/public/models/default-gpt-4o",
    status: 200,
    part: { modelName: "gpt-4o", isLangfuseManaged: true, inputPrice: 0.0000025 },
  },
  {
    section: "5",
    rule: "a model that is not there is not found",
    request: "GET /api/public/models/m",
    status: 404,
    body: MISSING,
  },
  {
    section: "5",
    rule: "a model that comes with the studio cannot be deleted",
    request: "DELETE /api/public/models/default-gpt-4o",
    status: 404,
    body: MISSING,
  },
];
