// `npm run verify`: types, shape and unit, in seconds and without services.
import { spawnSync } from "node:child_process";
import { root } from "./checkout.ts";

const result = spawnSync(process.execPath, ["infra/dev/test.ts", "types", "shape", "unit"], { cwd: root, stdio: "inherit" });
process.exit(result.status ?? 1);
