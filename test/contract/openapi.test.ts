import { expect, it, onTestFinished } from "vitest";
import { servedRoutes } from "../studio/served-routes";
import { type ApiDescription, description } from "./described-answers";
import { openSeededStudio } from "./seeded-studio";

const METHODS = ["get", "post", "put", "patch", "delete"];

/** `get /api/public/sessions/{}`: the names of what differs do not matter. */
const nameOf = (method: string, path: string): string =>
  `${method.toLowerCase()} ${path.replace(/:\w+|\{\w+\}/g, "{}")}`;

it("names exactly the routes that answer below /api/public", async () => {
  const answering = (await servedRoutes())
    .filter(({ path }) => path.startsWith("/api/public"))
    .map(({ method, path }) => nameOf(method, path));
  const described = Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => nameOf(method, path)),
  );
  expect(new Set(described).size).toBe(described.length);
  expect([...new Set(answering)].sort()).toEqual(described.sort());
});

it("is served, as OpenAPI 3.1, by a studio", async () => {
  const { studio, ask } = await openSeededStudio("open");
  onTestFinished(() => studio.close());
  const answer = await ask({ request: "GET /api/public/openapi.json" });
  expect(answer.status).toBe(200);
  // What the next lines check of it is all that is taken for granted.
  const served = JSON.parse(answer.text) as ApiDescription;
  expect(served).toEqual(description);
  expect(served.openapi).toBe("3.1.0");
  for (const [path, operations] of Object.entries(served.paths)) {
    expect(path).toMatch(/^\/api\/public\/[\w./{}-]+$/);
    for (const [method, { responses }] of Object.entries(operations)) {
      expect(METHODS).toContain(method);
      expect(Object.keys(responses).length, `${method} ${path}`).toBeGreaterThan(0);
    }
  }
});

it("refers to no schema that is not there, and has none that nothing refers to", () => {
  const references = [...JSON.stringify(description).matchAll(/"#\/components\/schemas\/(\w+)"/g)];
  const referred = new Set(references.map(([, name]) => name));
  expect([...referred].sort()).toEqual(Object.keys(description.components.schemas).sort());
});
