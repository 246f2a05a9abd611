import type { Env, Hono } from "hono";

/** Answers 405 below `prefix` where a path is served, but not by the method of the request. */
export function refuseOtherMethods<Environment extends Env>(
  app: Hono<Environment>,
  prefix: string,
): void {
  const methodsByPath = new Map<string, Set<string>>();
  for (const { method, path } of app.routes) {
    if (!path.startsWith(prefix)) continue;
    const methods = methodsByPath.get(path) ?? new Set();
    methodsByPath.set(path, methods.add(method));
  }
  for (const [path, methods] of methodsByPath) {
    app.all(path, (context) => {
      context.header("Allow", [...methods].join(", "));
      return context.json({ message: "Method not allowed", error: "MethodNotAllowedError" }, 405);
    });
  }
}
