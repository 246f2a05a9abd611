import { expect, it } from "vitest";
import { askPatiently } from "../../src/sessions/ask-patiently";

/** What comes of these answers, one for each attempt, and how many attempts it took. */
async function askWith(...answers: readonly (readonly [number, string?])[]): Promise<string> {
  let attempts = 0;
  const { status } = await askPatiently(async () => {
    const [code, retryAfter] = answers[attempts] ?? [500];
    attempts += 1;
    const headers = retryAfter === undefined ? undefined : { "retry-after": retryAfter };
    return new Response("{}", { status: code, ...(headers && { headers }) });
  });
  return `${status} after ${attempts}`;
}

it("asks again where it is put off, four times at most", async () => {
  expect(await askWith([429, "0"], [503, "0"], [200])).toBe("200 after 3");
  const off = [429, "0"] as const;
  expect(await askWith(off, off, off, off, [200])).toBe("429 after 4");
});

it("comes again at a time that is given as a date", async () => {
  const inMs = (ms: number): string => new Date(Date.now() + ms).toUTCString();
  expect(await askWith([429, inMs(-70_000)], [200])).toBe("200 after 2");
  expect(await askWith([429, inMs(70_000)], [200])).toBe("429 after 1");
});

it.each([
  ["for longer than it waits", [429, "66"]],
  ["for a time that is none", [429, "soon"]],
  ["without saying until when", [503]],
] as const)("does not ask again where it is put off %s", async (_, answer) => {
  expect(await askWith(answer, [200])).toBe(`${answer[0]} after 1`);
});
