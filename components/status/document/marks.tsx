// The marks of a status document as plain SVG: a state by colour and shape, and ninety days as one picture.
import type { DayMark, ServiceState } from "@/lib/status/model";

const shapes = {
  running: <rect x="1" y="1" width="8" height="8" />,
  starting: <circle cx="5" cy="5" r="3.6" fill="none" strokeWidth="1.8" />,
  warning: <path d="M5 0.6 9.8 9.4H0.2Z" />,
  failed: <path d="M5 0.2 9.8 5 5 9.8 0.2 5Z" />,
  pending: <rect x="1" y="1" width="8" height="8" fill="none" strokeWidth="1.4" strokeDasharray="2 1.4" />,
  unknown: <path d="M1 9 9 1M1 5 5 1M5 9 9 5" fill="none" strokeWidth="1.4" />,
  plain: <circle cx="5" cy="5" r="2" />,
} as const;
export type MarkName = keyof typeof shapes;

export function Mark({ name }: { name: MarkName }) {
  return <svg className={`mark ${name}`} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">{shapes[name]}</svg>;
}

export const markOf: Record<ServiceState, MarkName> = { operational: "running", degraded: "warning", partial: "warning", major: "failed", maintenance: "pending", unknown: "unknown" };

const pitch = 4;
const height = 16;
const slit = 1;

const letters: Record<string, string> = { u: "up", d: "degraded", p: "partly down", m: "down", w: "maintenance", x: "unknown", "-": "not there yet" };

/** One path per kind of day, so that ninety days are a handful of elements. */
export function Days({ days, marks, from, name }: { days: string; marks: readonly DayMark[]; from: string; name: string }) {
  const first = Date.parse(from);
  const shareOf = new Map(marks.map(({ day, share }) => [Math.round((Date.parse(day) - first) / 86_400_000), share]));
  const at = (wanted: string, draw: (x: number, day: number) => string): string => [...days].map((letter, day) => (wanted.includes(letter) ? draw(day * pitch, day) : "")).join("");
  const bar = (x: number, y = 0, h = height): string => `M${x} ${y}h3v${h}h-3z`;
  const cap = (day: number, least: number): number => Math.min(height - slit - 2, Math.max(least, Math.round((shareOf.get(day) ?? 0) * height)));
  const last = days.length - 1;
  const counts = Object.entries(letters).flatMap(([letter, word]) => {
    const count = [...days].filter((one) => one === letter).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? "day" : "days"} ${word}`];
  });
  return (
    <svg className="days" width={days.length * pitch - 1} height={height} viewBox={`0 0 ${days.length * pitch - 1} ${height}`} preserveAspectRatio="xMaxYMid meet" role="img" aria-label={`${name}, last ${days.length} days: ${counts.join(", ")}`}>
      <path className="up" d={at("u", (x, day) => (day === last ? "" : bar(x)))} />
      <path className="now" d={at("u", (x, day) => (day === last ? bar(x) : ""))} />
      <path className="up" d={at("d", (x) => bar(x, 4 + slit, height - 4 - slit)) + at("pm", (x, day) => bar(x, cap(day, 5) + slit, height - cap(day, 5) - slit))} />
      <path className="degraded" d={at("d", (x) => bar(x, 0, 4))} />
      <path className="down" d={at("pm", (x, day) => bar(x, 0, cap(day, 5)))} />
      <path className="maintenance" d={at("w", (x) => `M${x + 0.5} 0.5h2v${height - 1}h-2z`)} />
      <path className="unknown" d={at("x", (x) => `M${x} 4l3 -3M${x} 8l3 -3M${x} 12l3 -3M${x} 16l3 -3`)} />
      <path className="none" d={at("-", (x) => `M${x + 1} ${height - 1}h1`)} />
    </svg>
  );
}

/** Scaled to the warning level, so that a flat line means well. */
export function Backlog({ points, warnAt, over }: { points: readonly number[]; warnAt: number | null; over: boolean }) {
  const [width, tall] = [170, 30];
  const top = Math.max(warnAt ?? 0, ...points, 1) * 1.1;
  const y = (value: number): string => (tall - 3 - (value / top) * (tall - 6)).toFixed(1);
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  const line = points.map((value, index) => `${index === 0 ? "M" : "L"}${(index * step).toFixed(1)} ${y(value)}`).join("");
  return (
    <svg className="backlog" viewBox={`0 0 ${width} ${tall}`} width={width} height={tall} preserveAspectRatio="none" aria-hidden="true">
      {warnAt !== null && <path className={over ? "level over" : "level"} d={`M0 ${y(warnAt)}H${width}`} />}
      <path className="line" d={line} />
    </svg>
  );
}
