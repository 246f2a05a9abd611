import { startStudio } from "../../../dist/studio.js";

const studio = await startStudio({ ...JSON.parse(process.argv[2] ?? "{}"), logger: console });
process.on("message", async (message) => {
  if (message === "usage") {
    const { user, system } = process.cpuUsage();
    const peakRssMb = process.resourceUsage().maxRSS / 1_024;
    process.send({ cpuMs: (user + system) / 1_000, peakRssMb });
  }
  if (message === "stop") {
    await studio.close();
    process.disconnect();
  }
});
process.send(studio.url);
