// The charts of evidence as a table: a row per look, newest first, a column per line.
import type { Line, Write } from "@/components/chart/lines";
import page from "../page.module.css";
import css from "./canary-page.module.css";

interface Part { lines: readonly Line[]; write: Write }

export function LooksTable({ times, parts }: { times: readonly number[]; parts: readonly Part[] }) {
  const columns = parts.flatMap(({ lines, write }) => lines.map((line) => ({ line, write })));
  return (
    <div className={`${page.scroll} ${css.looks}`} role="region" aria-label="Evidence as a table" tabIndex={0}>
      <table className={page.table}>
        <thead><tr><th>Look</th>{columns.map(({ line }) => <th key={line.key} data-num>{line.name}</th>)}</tr></thead>
        <tbody>
          {times.map((at, index) => ({ at, index })).toReversed().map(({ at, index }) => (
            <tr key={at}><th scope="row"><time dateTime={new Date(at).toISOString()} suppressHydrationWarning>{new Date(at).toLocaleTimeString("en-GB")}</time></th>{columns.map(({ line, write }) => <td key={line.key} data-num>{write(line.values[index])}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
