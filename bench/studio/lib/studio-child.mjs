import { readFileSync } from "node:fs";
import { startStudio } from "../../../dist/studio.js";

const studio = await startStudio({ ...JSON.parse(process.argv[2] ?? "{}"), logger: console });
process.on("message", async (message) => {
  if (message === "usage") {
    const { user, system } = process.cpuUsage();
    process.send({ cpuMs: (user + system) / 1_000, peakRssMb: peakRssKb() / 1_024 });
  }
  if (message === "stop") {
    await studio.close();
    process.disconnect();
  }
});
process.send(studio.url);

function peakRssKb() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  // What `resourceUsage` tells is at least the memory of the process that started this one.
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
}
