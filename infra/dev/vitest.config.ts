// Settings of the test runner: the suites by their folders, `server-only` answered as on a server.
import { defineConfig } from "vitest/config";

const root = new URL("../..", import.meta.url).pathname;
// "import" must not be among them: Node would then answer a `require` with a module.
const conditions = ["react-server", "node"];

const suite = (name: string, more: { globalSetup?: string[] } = {}) => ({
  extends: true as const,
  test: { name, include: name === "bench" ? ["tests/bench/*.bench.ts"] : [`tests/${name}/**/*.test.ts`, `tests/${name}/**/*.test.tsx`], ...more },
});

export default defineConfig({
  root,
  resolve: { alias: { "@": root.replace(/\/$/, "") }, conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Long beside what a case takes: a machine that others use too must not decide what passes.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    fileParallelism: false,
    cache: false,
    projects: [suite("shape"), suite("unit"), suite("wire"), suite("flow"), suite("browser", { globalSetup: ["tests/browser/setup.ts"] }), suite("bench")],
  },
});
