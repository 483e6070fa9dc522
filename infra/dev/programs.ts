// The sandbox's programs for tests and benches: each found or compiled, with its progress told once a change.
import { ensurePrograms, programs as sandboxPrograms } from "../sandbox/programs.ts";

export async function programs(): Promise<void> {
  let said = "";
  await ensurePrograms({
    names: sandboxPrograms.map(({ name }) => name),
    onProgress: ({ say }) => {
      if (say !== said) console.log(`  ${say}`);
      said = say;
    },
  });
}
