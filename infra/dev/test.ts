// `npm test`: installs what the tests need, runs every suite, and ends with one line that counts over all of them.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { buildConsole, generateClient } from "./build.ts";
import { bin, home, root, run, withoutRealThings } from "./checkout.ts";
import { ensureChromium } from "./chromium.ts";
import { programs } from "./programs.ts";

interface Count { passed: number; failed: number; skipped: number; failures: string[] }
interface Case { status: string; fullName: string; failureMessages: string[] }
interface FileResult { name: string; status: string; message: string; assertionResults: Case[] }

const suites = ["types", "shape", "unit", "wire", "flow", "browser"] as const;
type Suite = (typeof suites)[number];

const words = process.argv.slice(2);
const chosen = suites.filter((suite) => words.length === 0 || words.includes(suite));
const filters = words.filter((word) => !suites.some((suite) => suite === word));
const environment = withoutRealThings({ ...process.env, PATH: `${path.join(root, "node_modules/.bin")}${path.delimiter}${process.env.PATH ?? ""}` });

/** What a suite needs beyond packages; each is made once and found again. */
const needs: Record<Suite, (() => Promise<void>)[]> = {
  types: [generateClient, nextTypes],
  shape: [],
  unit: [generateClient],
  wire: [generateClient, programs],
  flow: [generateClient, programs],
  browser: [generateClient, programs, ensureChromium],
};

/** Which suites leave a core free and promise nothing about time: the console is built beside them, and done before the others begin. */
const besideBuild: readonly Suite[] = ["shape", "unit"];

async function nextTypes(): Promise<void> {
  await run(bin("next"), ["typegen"], { env: environment, logFile: path.join(home, "log/typegen.log") });
}

async function prepare(): Promise<void> {
  const wanted = [...new Set(chosen.flatMap((suite) => needs[suite]))];
  for (const need of wanted) await need();
}

/** What failed in one file, a paragraph each: said again at the very end, where a long log is read first. */
function failuresOf({ name, status, message, assertionResults }: FileResult): string[] {
  const file = path.relative(root, name);
  const failed = assertionResults.filter((one) => one.status === "failed");
  if (status === "failed" && assertionResults.length === 0) return [`${file}\n    ${message.slice(0, 1_500)}`];
  return failed.map((one) => `${file} > ${one.fullName}\n    ${(one.failureMessages[0] ?? "").slice(0, 1_500)}`);
}

/** Vitest wrote it a moment ago, in the shape of its own JSON reporter. */
function reported(testResults: unknown): FileResult[] {
  return testResults as FileResult[];
}

function countOf(report: string): Count {
  const { numPassedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  const failures = reported(testResults).flatMap(failuresOf);
  return { passed: numPassedTests, failed: failures.length, skipped: numPendingTests + numTodoTests, failures };
}

async function runSuite(suite: Suite): Promise<Count> {
  console.log(`\n── ${suite}`);
  if (suite === "types") {
    // Not from the compiler's cache, which does not see that a global declaration of a package has come or gone.
    const fine = await run(bin("tsc"), ["--noEmit", "--incremental", "false", "--tsBuildInfoFile", "null"], { env: environment }).then(() => true, () => false);
    return { passed: fine ? 1 : 0, failed: fine ? 0 : 1, skipped: 0, failures: fine ? [] : ["types: tsc --noEmit"] };
  }
  const report = path.join(home, "test", `${suite}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const args = ["run", "-c", "infra/dev/vitest.config.ts", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, "--passWithNoTests", "--project", suite, ...filters];
  const fine = await run(bin("vitest"), args, { env: environment }).then(() => true, () => false);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, failures: [`${suite}: the test runner ended without a report`] };
  const count = countOf(report);
  return fine || count.failed > 0 ? count : { ...count, failed: 1, failures: [`${suite}: the test runner ended with an error outside its tests`] };
}

async function main(): Promise<number> {
  await prepare();
  const total: Count = { passed: 0, failed: 0, skipped: 0, failures: [] };
  let build: Promise<unknown> | null = null;
  for (const suite of chosen) {
    // Not beside the types: both write what Next generates.
    if (suite !== "types" && chosen.includes("browser")) build ??= buildConsole().catch((error: unknown) => console.error(String(error)));
    if (!besideBuild.includes(suite)) await build;
    const count = await runSuite(suite);
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
    total.failures.push(...count.failures);
  }
  if (total.failures.length > 0) console.log(`\n── failed\n${total.failures.join("\n")}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.log("\n0 passed, 1 failed, 0 skipped");
    process.exit(1);
  },
);
