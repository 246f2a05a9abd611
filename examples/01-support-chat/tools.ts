import { readFileSync } from "node:fs";
import type OpenAI from "openai";
import { observe } from "playhead";

export const tools: OpenAI.ChatCompletionFunctionTool[] = [
  {
    type: "function",
    function: {
      name: "check_runtime",
      description: "Tells whether Playhead supports a given version of a JavaScript runtime.",
      parameters: {
        type: "object",
        properties: {
          runtime: { type: "string", enum: ["node", "bun", "deno"] },
          version: { type: "string", pattern: "^\\d+(\\.\\d+){0,2}$" },
        },
        required: ["runtime", "version"],
        additionalProperties: false,
      },
    },
  },
];

/** Runs what the model asked for; what goes wrong is told to the model, so that it can do better. */
export function runTool({ name, arguments: json }: { name: string; arguments: string }): string {
  if (name !== "check_runtime") return `There is no tool called ${name}.`;
  try {
    return checkRuntime(JSON.parse(json));
  } catch (error) {
    return `The call failed: ${error instanceof Error ? error.message : error}`;
  }
}

const { engines }: { engines: Record<string, string> } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
);
const NAMES: Record<string, string> = { node: "Node.js", bun: "Bun", deno: "Deno" };

const checkRuntime = observe(
  function checkRuntime({ runtime, version }: { runtime: string; version: string }): string {
    const name = NAMES[runtime] ?? runtime;
    const minimum = engines[runtime]?.match(/^>=\s*([\d.]+)$/)?.[1];
    if (minimum === undefined) return `Playhead's package.json names no version of ${name}.`;
    const verdict = isAtLeast(version, minimum) ? "is supported" : "is too old";
    return `${name} ${version} ${verdict}: Playhead needs ${name} ${minimum} or later.`;
  },
  { name: "check_runtime", asType: "tool" },
);

/** A part that is not given counts as the latest: 20 means the newest 20.x. */
function isAtLeast(version: string, minimum: string): boolean {
  const given = version.split(".").map(Number);
  for (const [position, needed] of minimum.split(".").map(Number).entries()) {
    const part = given[position] ?? Number.POSITIVE_INFINITY;
    if (part !== needed) return part > needed;
  }
  return true;
}
