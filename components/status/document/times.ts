// How a status document writes times: the hour today, the day with it this week, the date before; ages beside them.
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export function clock(at: number, now: number): string {
  const iso = new Date(at).toISOString();
  if (iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10)) return iso.slice(11, 16);
  const date = new Date(at);
  if (now - at < 6 * dayMs && at < now) return `${date.toLocaleDateString("en-GB", { weekday: "short", timeZone: "UTC" })} ${iso.slice(11, 16)}`;
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  return at > now ? `${day} ${iso.slice(11, 16)}` : day;
}

export function age(ms: number): string {
  if (ms < minuteMs) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (ms < 100 * minuteMs) return `${Math.floor(ms / minuteMs)} min`;
  return ms < 2 * dayMs ? `${Math.floor(ms / hourMs)} h` : `${Math.floor(ms / dayMs)} d`;
}

export const percent = (value: number | null): string => (value === null ? "–" : value.toFixed(2));
