// What the Kayenta judge gets wrong, for the interface to list beside its results; each can be seen in its own numbers.

export interface Defect { code: string; title: string; say: string }

export const kayentaDefects: readonly Defect[] = [
  { code: "unit", title: "The unit decides", say: "Its root finder stops within 0.0001 of whatever unit the data are in: the same data in another unit can turn from High to Pass. Error ratios below 0.001 and seconds below a millisecond are in that zone. The exact interval is shown beside it." },
  { code: "peeking", title: "Every look is a new chance to be wrong", say: "Each look tests anew at 98 %. Looking every five minutes at overlapping rates gave half of all good canaries a false alarm. It is therefore asked once here, at the end." },
  { code: "silence", title: "No evidence is a Pass", say: "Not significant counts as Pass: a canary with three points and hardly any traffic passes." },
  { code: "overlap", title: "Overlapping samples count as new", say: "It takes points as independent. A five-minute rate taken every minute repeats itself five times, and false alarms rise from 0.3 to 17 % at a single look." },
  { code: "shape", title: "It sees only a shift", say: "Rare errors, two-peaked latencies and a wider spread are not shifts: seven of ten points a hundred times as high pass." },
  { code: "tolerance", title: "The tolerance is no margin", say: "It is a quarter of the shift it has found itself, so that with enough points any shift is High, however small." },
  { code: "no-data", title: "Missing data are forgiven", say: "A metric without data or with an error is left out of the score; a critical metric whose calculation failed drops out silently; missing data replaced by zeros pass." },
  { code: "critical", title: "Critical needs an effect too", say: "A critical metric whose effect is below its critical size counts as an ordinary failure." },
  { code: "either", title: "Better can be worse", say: "The direction is either way unless set: a canary with fewer errors is Low and loses points." },
  { code: "pooled", title: "A ramp deceives it", say: "Both series are pooled over the whole time, not matched by time or share of traffic; an incident in the middle of a ramp looks like a bad version." },
  { code: "noise", title: "Constant series are judged on noise", say: "Two constant series get random noise before they are compared, other noise each time; ours is seeded, so that a replay says the same." },
];
