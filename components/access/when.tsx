// A moment in time, short, in the reader's zone, with the exact one on hover.
const short = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });

export function When({ at }: { at: number | null }) {
  if (at === null) return <span>–</span>;
  const iso = new Date(at).toISOString();
  return <time dateTime={iso} title={iso} suppressHydrationWarning>{short.format(at)}</time>;
}
