import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["tests/unit/**/*.test.ts"], testTimeout: 10_000 } },
      {
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            // Both compilers call themselves tsc, and either may be the one in node_modules/.bin.
            checker: "node_modules/typescript/bin/tsc",
            include: ["tests/types/**/*.test-d.ts"],
            tsconfig: "./tsconfig.json",
          },
        },
      },
      {
        test: {
          name: "system",
          include: ["tests/system/**/*.test.ts", "tests/conformance/**/*.test.ts"],
          globalSetup: ["tools/setup/vitest.mjs"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // They wait for processes most of their time: two at once take half as long on two cores.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
