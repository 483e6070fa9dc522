// Quoting for the shell: whatever a value holds, a script that contains it reads it as that value and nothing else.
import { AppError } from "@/lib/base/errors";

/** In single quotes nothing is special but the quote itself. */
export function quoted(value: string): string {
  if (value.includes("\0")) throw new AppError("invalid", "A value of the blueprint holds a zero byte, which no script can carry. Take it out.");
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
