import { createApp } from "../../src/studio/server/app";
import { createEventHub } from "../../src/studio/server/event-hub";
import { createIntake } from "../../src/studio/server/intake";
import { hashedKeys } from "../../src/studio/server/keys";
import { createWriteQueue } from "../../src/studio/server/write-queue";
import { openSqliteStore } from "../../src/studio/store/sqlite-store";

export interface ServedRoute {
  /** In capitals. */
  readonly method: string;
  /** With `:id` for what differs from call to call, and `*` for any rest. */
  readonly path: string;
}

/** Each route of a studio with keys, once, as the application itself lists them. */
export async function servedRoutes(): Promise<readonly ServedRoute[]> {
  const store = await openSqliteStore(":memory:");
  const events = createEventHub();
  const app = createApp({
    store,
    writes: createWriteQueue({ store, onChange: events.publish }),
    intake: createIntake(1_000),
    events,
    host: "127.0.0.1",
    keys: hashedKeys({ publicKey: "pk-lf-1", secretKey: "sk-lf-1" }),
    pageDir: "",
    onError: (error) => {
      throw error;
    },
    now: Date.now,
  });
  events.close();
  store.close();
  const named = app.routes
    .filter(({ method }) => method !== "ALL") // checks before a route, and refusals after it
    .map(({ method, path }) => `${method} ${path}`);
  return [...new Set(named)].map((name) => {
    const [method = "", path = ""] = name.split(" ");
    return { method, path };
  });
}
