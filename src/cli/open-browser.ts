import { spawn } from "node:child_process";

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  // `start` is a builtin of cmd; its first quoted argument is a window title.
  win32: ["cmd", "/c", "start", ""],
};

/**
 * Opens a URL in the user's browser, without waiting for it.
 * @param onFailure - called when there is no program to open it with
 */
export function openBrowser(url: string, onFailure: (program: string) => void): void {
  const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  child.once("error", () => onFailure(program));
  child.once("exit", (code) => {
    if (code !== 0 && code !== null) onFailure(program);
  });
  child.unref();
}
