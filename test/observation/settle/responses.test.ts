import { describe, expect, it } from "vitest";
import { useTraced } from "../../support/traced";

const traced = useTraced();

const outputOf = (name: string): unknown =>
  traced.sink.span(name).attributes["langfuse.observation.output"];

const TEXT = '{ "answer": "größer" }';

const fetched = (): Promise<Response> =>
  traced.client.observe(
    async () => new Response(TEXT, { status: 201, headers: { "x-request-id": "r1" } }),
    { name: "fetched" },
  )();

describe("a Response that is observed", () => {
  it.each<[string, (response: Response) => Promise<unknown>, unknown, unknown]>([
    ["text", (response) => response.text(), TEXT, TEXT],
    ["json", (response) => response.json(), { answer: "größer" }, '{"answer":"größer"}'],
    [
      "arrayBuffer",
      async (response) => Buffer.from(await response.arrayBuffer()).toString(),
      TEXT,
      TEXT,
    ],
    ["blob", async (response) => (await response.blob()).text(), TEXT, TEXT],
    ["a clone", (response) => response.clone().text(), TEXT, TEXT],
    [
      "a clone and itself",
      async (response) => Promise.all([response.clone().json(), response.text()]),
      [{ answer: "größer" }, TEXT],
      TEXT,
    ],
    [
      "its body in parts",
      async (response) => {
        const parts: Uint8Array[] = [];
        for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
          parts.push(part);
        }
        return Buffer.concat(parts).toString();
      },
      TEXT,
      TEXT,
    ],
  ])("can be read by %s", async (_way, read, value, output) => {
    const response = await fetched();
    expect([response.status, response.headers.get("x-request-id"), response.bodyUsed]).toEqual([
      201,
      "r1",
      false,
    ]);
    expect(response).toBeInstanceOf(Response);
    expect(traced.client.stats().offered).toBe(0);
    expect(await read(response)).toEqual(value);
    await traced.client.flush();
    expect(outputOf("fetched")).toBe(output);
  });

  it("that cannot be parsed fails for the caller and on the observation", async () => {
    const page = traced.client.observe(async () => new Response("<html>"), { name: "page" });
    await expect((await page()).json()).rejects.toThrow(SyntaxError);
    await traced.client.flush();
    expect(traced.sink.span("page").attributes["langfuse.observation.level"]).toBe("ERROR");
  });

  it("whose body is cancelled ends, and one without a body, or read already, ends at once", async () => {
    const response = await fetched();
    await response.body?.cancel();
    expect(traced.client.stats().offered).toBe(1);
    traced.client.observe(() => new Response(null, { status: 204 }))();
    expect(traced.client.stats().offered).toBe(2);
    const used = new Response("x");
    await used.text();
    traced.client.observe(() => used)();
    expect(traced.client.stats().offered).toBe(3);
  });

  it("of bytes that are no text says how many there are", async () => {
    const bytes = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
    const image = await traced.client.observe(async () => new Response(bytes), { name: "image" })();
    expect(new Uint8Array(await image.arrayBuffer())).toEqual(bytes);
    await traced.client.flush();
    expect(outputOf("image")).not.toContain("\ufffd");
  });
});
