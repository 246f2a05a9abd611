import type { HttpBindings } from "@hono/node-server";

/** What the studio's handlers find in their context. */
export interface StudioEnvironment {
  Bindings: HttpBindings;
  Variables: {
    /** What the cookie of a reader holds who has signed in; absent for keys, and where none are set. */
    signIn?: string;
  };
}
