// Names and last values at the right end of the lines, moved apart where they would lie on each other. Hovering one lets the others step back.
import { figure } from "./figures";
import css from "./line-ends.module.css";
import type { Line } from "./lines";
import { room } from "./plot";
import { heightOf, movedApart, type Axis } from "./scale";
import { lastValue } from "@/lib/metrics/grid";
import type { Unit } from "@/lib/metrics/model";

const linePx = 16;

/** As many as fit beside the plot; the table and the readout have the rest. */
export function endsThatFit(heightPx: number): number {
  return Math.max(1, Math.floor((heightPx - room.top - room.bottom) / linePx));
}

interface EndsProps { lines: readonly Line[]; axis: Axis; unit: Unit; heightPx: number; width: number; onLight: (name: string | null) => void }

export function LineEnds({ lines, axis, unit, heightPx, width, onLight }: EndsProps) {
  const inner = heightPx - room.top - room.bottom;
  const ends = lines.flatMap((line) => {
    const last = lastValue(line.values);
    return last ? [{ line, value: last.value, wanted: (1 - heightOf(axis, last.value)) * inner - linePx / 2 }] : [];
  }).slice(0, endsThatFit(heightPx));
  const places = movedApart(ends.map(({ wanted }) => wanted), linePx, inner - linePx);
  return (
    <ul className={css.ends} style={{ top: room.top, width }} aria-label="Last values" onPointerLeave={() => onLight(null)}>
      {ends.map(({ line, value }, index) => (
        <li key={line.key} style={{ top: places[index] }} onPointerEnter={() => onLight(line.name)}>
          <i style={{ background: line.colour }} aria-hidden />
          <span className={css.name} title={line.name}>{line.name}</span>
          <b>{figure(value, unit)}</b>
        </li>
      ))}
    </ul>
  );
}
