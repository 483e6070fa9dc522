// Figures as the map writes them: requested/allocatable in one unit, short; what cannot be read is "?".

const gibibyte = 2 ** 30;

export interface Ratio { part: string; whole: string }

/** "930/2000m"; from 20 cores on in cores, from a thousand in thousands: "15.4/15.9" stays exact enough to compare. */
export function cpuRatio(requestedMillis: number, allocatableMillis: number): Ratio {
  if (!readable(allocatableMillis)) return { part: text(requestedMillis, (value) => String(Math.round(value))), whole: "?" };
  if (allocatableMillis < 20_000) return { part: text(requestedMillis, (value) => String(Math.round(value))), whole: `${Math.round(allocatableMillis)}m` };
  const cores = (value: number) => thousands(value / 1000);
  return { part: text(requestedMillis, cores), whole: cores(allocatableMillis) };
}

export function memoryRatio(requestedBytes: number, allocatableBytes: number): Ratio {
  if (!readable(allocatableBytes)) return { part: text(requestedBytes, gib), whole: "?" };
  if (allocatableBytes >= 2048 * gibibyte) {
    const tib = (value: number) => (value / gibibyte / 1024).toFixed(1);
    return { part: text(requestedBytes, tib), whole: `${tib(allocatableBytes)} Ti` };
  }
  return { part: text(requestedBytes, gib), whole: `${gib(allocatableBytes)} Gi` };
}

export function countRatio(part: number, whole: number): Ratio {
  const written = (value: number) => (value < 10_000 ? value.toLocaleString("en") : thousands(value));
  return { part: text(part, written), whole: text(whole, written) };
}

export function cpuText(millis: number): string {
  return text(millis, (value) => `${Math.round(value)}m`);
}

export function memoryText(bytes: number): string {
  return text(bytes, (value) => (value === 0 ? "0" : value < gibibyte ? `${Math.round(value / 2 ** 20)} Mi` : `${gib(value)} Gi`));
}

/** 0..1 and beyond; NaN where one of both cannot be read. */
export function share(part: number, whole: number): number {
  return readable(whole) && whole > 0 && readable(part) ? part / whole : Number.NaN;
}

/** "14 m 08 s" when fine, "14 m" when not; days from two days on. */
export function ageText(ms: number, fine = false): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} d`;
  if (hours > 0) return fine ? `${hours} h ${two(minutes % 60)} m` : `${hours} h`;
  if (minutes > 0) return fine ? `${minutes} m ${two(seconds % 60)} s` : `${minutes} m`;
  return `${seconds} s`;
}

/** The zone without its region, as the cards have room for: ap-northeast-2a → 2a. */
export function shortZone(zone: string): string {
  return /\d+[a-z]$/.exec(zone)?.[0] ?? zone;
}

function thousands(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(value < 100_000 ? 1 : 0)}k`;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function gib(bytes: number): string {
  return (bytes / gibibyte).toFixed(1);
}

function readable(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function text(value: number, write: (value: number) => string): string {
  return readable(value) ? write(value) : "?";
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
