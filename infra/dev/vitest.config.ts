// Settings of the test runner: the suites by their folders, `server-only` answered as on a server.
import { defineConfig } from "vitest/config";

const root = new URL("../..", import.meta.url).pathname;

export default defineConfig({
  root,
  resolve: { alias: { "@": root.replace(/\/$/, "") }, conditions: ["react-server", "node", "import", "default"] },
  ssr: { resolve: { conditions: ["react-server", "node", "import", "default"] } },
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx", "tests/bench/*.bench.ts"],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    cache: false,
  },
});
