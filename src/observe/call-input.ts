import type { Observed } from "./observed-call";

/**
 * What is recorded of a call's arguments: one stands for itself, several are an object by the names
 * of their parameters, or a list where these are not known; none is no input. Of several, those that
 * the function cannot see, such as index and list when it is called by `map`, are not its input.
 */
export function inputOf(observed: Observed, args: ArrayLike<unknown>): unknown {
  if (args.length <= 1) return args[0];
  const parameters = observed.parameters();
  if (parameters === undefined) return Array.from(args);
  const { names, hasRest, seesAllArguments } = parameters;
  const positional = hasRest ? names.slice(0, -1) : names;
  const isBeyond = args.length > positional.length;
  if (isBeyond && seesAllArguments && (!hasRest || positional.length === 0)) {
    return Array.from(args);
  }
  if (isBeyond && !hasRest && positional.length <= 1)
    return positional.length === 1 ? args[0] : undefined;
  const input: Record<string, unknown> = {};
  for (const [at, name] of positional.entries()) if (at < args.length) input[name] = args[at];
  const rest = hasRest ? names.at(-1) : undefined;
  if (rest !== undefined && isBeyond) input[rest] = Array.from(args).slice(positional.length);
  return input;
}
