// Metric families as values, and as the text that Prometheus reads: now for a scrape, with times for a backfill.

export interface Sample { suffix: string; labels: string; value: number }
export interface Family { name: string; type: "counter" | "gauge" | "histogram"; help: string; samples: Sample[] }
export type Labels = Readonly<Record<string, string | number>>;

const escapes: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

export function labelText(labels: Labels): string {
  return Object.entries(labels).map(([name, value]) => `${name}="${String(value).replace(/[\\"\n]/g, (character) => escapes[character] ?? character)}"`).join(",");
}

/** One family with one sample per row. */
export function family(head: Pick<Family, "name" | "type" | "help">, rows: readonly (readonly [Labels, number])[]): Family {
  return { ...head, samples: rows.map(([labels, value]) => ({ suffix: "", labels: labelText(labels), value })) };
}

export function gauge(name: string, help: string, rows: readonly (readonly [Labels, number])[]): Family {
  return family({ name, type: "gauge", help }, rows);
}

export function counter(name: string, help: string, rows: readonly (readonly [Labels, number])[]): Family {
  return family({ name, type: "counter", help }, rows);
}

export interface Distribution { bounds: readonly number[]; counts: readonly number[]; count: number; sum: number }

/** Whole bounds with a decimal: Prometheus 3 writes them so when it scrapes, and a backfilled series must wear the same label (source: "Prometheus 3.0 migration guide", le and quantile label values). */
function boundText(bound: number): string {
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}

/** Made whole bucket by bucket before they are added up: so also what is added over any span is never less in a wider bucket. */
export function distributionSamples(labels: Labels, { bounds, counts, count, sum }: Distribution): Sample[] {
  const base = labelText(labels);
  const comma = base === "" ? "" : ",";
  const cumulative = [...counts.slice(0, bounds.length), count];
  let whole = 0;
  const totals = cumulative.map((upTo, index) => (whole += Math.floor(Math.max(0, upTo - (cumulative[index - 1] ?? 0)))));
  return [
    ...totals.map((value, index) => ({ suffix: "_bucket", labels: `${base}${comma}le="${index < bounds.length ? boundText(bounds[index] ?? 0) : "+Inf"}"`, value })),
    { suffix: "_sum", labels: base, value: sum },
    { suffix: "_count", labels: base, value: whole },
  ];
}

/** Source: "Text-based format", Prometheus exposition formats, version 0.0.4. */
export function toText(families: readonly Family[]): string {
  const parts: string[] = [];
  for (const { name, type, help, samples } of families) {
    if (samples.length === 0) continue;
    parts.push(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
    for (const { suffix, labels, value } of samples) parts.push(`${name}${suffix}${labels === "" ? "" : `{${labels}}`} ${value}\n`);
  }
  return parts.join("");
}

/** Lines of OpenMetrics with a time in seconds; `target` are the labels that a scrape would have added. */
export function toBackfill(families: readonly Family[], target: string, atSeconds: number): string {
  const parts: string[] = [];
  for (const { name, samples } of families) {
    for (const { suffix, labels, value } of samples) parts.push(`${name}${suffix}{${labels}${labels === "" ? "" : ","}${target}} ${value} ${atSeconds}\n`);
  }
  return parts.join("");
}
