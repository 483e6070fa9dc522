// Makes what the console runs from: the database client and the production build, each only when its sources changed.
import path from "node:path";
import { bin, digestOf, home, root, run, unlessDone } from "./checkout.ts";

/** Prisma wants an engine binary even to generate; the client it writes uses none. */
const generateEnvironment = { PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", PRISMA_HIDE_UPDATE_MESSAGE: "1" };

export async function generateClient(): Promise<void> {
  await unlessDone("prisma/generated/.made-from", digestOf(["prisma/schema.prisma", "prisma/prisma.config.ts", "package-lock.json"]), () =>
    run(bin("prisma"), ["generate", "--config", "prisma/prisma.config.ts"], {
      env: { ...process.env, ...generateEnvironment },
      logFile: path.join(home, "log/generate.log"),
    }),
  );
}

const sources = ["app", "components", "lib", "public", "prisma/schema.prisma", "instrumentation.ts", "proxy.ts", "next.config.ts", "tsconfig.json", "package-lock.json"];

/** True when it had to build. */
export async function buildConsole(): Promise<boolean> {
  await generateClient();
  return unlessDone(".next/made-from", digestOf(sources), () =>
    run(bin("next"), ["build"], {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      logFile: path.join(home, "log/build.log"),
    }),
  );
}
