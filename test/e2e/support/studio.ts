import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Studio, type StudioOptions, startStudio } from "playhead/studio";
import { onTestFinished } from "vitest";
import type {
  PublicObservationV2,
  PublicObservationV2List,
} from "../../../src/studio/api/public-types";

/** The built studio, on a socket of its own and with a file of its own. */
export interface TestStudio extends Studio {
  /** @throws on any status but 200 */
  read<Body>(path: string): Promise<Body>;
  /** All pages of `GET /api/public/v2/observations`, with every group of fields. */
  observations(filter?: Readonly<Record<string, string>>): Promise<PublicObservationV2[]>;
}

const ALL_FIELDS = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context";

/**
 * Starts a studio that ends with the test.
 * @param atTheEnd - `afterAll`, where it serves all tests of a file
 */
export async function openStudio(
  options: Pick<StudioOptions, "publicKey" | "secretKey"> = {},
  atTheEnd: (clean: () => Promise<void>) => void = onTestFinished,
): Promise<TestStudio> {
  const directory = await mkdtemp(join(tmpdir(), "playhead-e2e-"));
  const studio = await startStudio({ ...options, port: 0, db: join(directory, "studio.db") });
  atTheEnd(async () => {
    await studio.close();
    await rm(directory, { recursive: true, force: true });
  });
  return { ...studio, ...createReader(studio.url, options) };
}

/** Reads the API of a studio at `url`, with its keys where it asks for them. */
export function createReader(
  url: string,
  { publicKey, secretKey }: Pick<StudioOptions, "publicKey" | "secretKey"> = {},
): Pick<TestStudio, "read" | "observations"> {
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString("base64")}`;
  const headers = publicKey === undefined ? {} : { authorization };

  async function read<Body>(path: string): Promise<Body> {
    const response = await fetch(url + path, { headers });
    if (response.status !== 200) {
      throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    }
    return (await response.json()) as Body; // what the route documents
  }

  return {
    read,
    async observations(filter = {}) {
      const query = new URLSearchParams({ limit: "1000", fields: ALL_FIELDS, ...filter });
      const rows: PublicObservationV2[] = [];
      while (true) {
        const page = await read<PublicObservationV2List>(`/api/public/v2/observations?${query}`);
        rows.push(...page.data);
        if (page.meta.cursor === undefined) return rows;
        query.set("cursor", page.meta.cursor);
      }
    },
  };
}
