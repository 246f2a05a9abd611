import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    typecheck: {
      enabled: true,
      include: ["test/types/**/*.test-d.ts"],
      tsconfig: "./tsconfig.json",
    },
    // The end-to-end tests run what is built and packed; one build serves them all.
    globalSetup: ["test/global-setup.ts"],
    reporters: process.env["CI"]
      ? ["default", ["json", { outputFile: "artifacts/test-report.json" }]]
      : ["default"],
    maxWorkers: "100%", // by default one core is left idle: half of two
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
