// What a Prometheus of a version can and cannot, as far as the console's answers depend on it.
// Source: CHANGELOG.md of prometheus/prometheus, by the release that brought each.

export interface Features {
  version: string;
  /** It cuts a query's answer itself at the `limit` asked for (3.2). */
  cutsQueries: boolean;
  /** It cuts lists of names and series itself (2.51). */
  cutsNames: boolean;
  /** Names and labels may have any character (3.0). */
  anyNames: boolean;
  /** Ranges leave their left end out (3.0), so that a window of two scrapes holds one increase less than before. */
  leftOpen: boolean;
  /** In words, where a reader might wonder; none for a server that has it all. */
  remarks: string[];
}

function numbersOf(version: string): [major: number, minor: number] | null {
  const found = /^v?(\d+)\.(\d+)/.exec(version);
  return found ? [Number(found[1]), Number(found[2])] : null;
}

export function featuresOf(version: string): Features {
  const known = numbersOf(version);
  const from = (major: number, minor: number): boolean => known !== null && (known[0] > major || (known[0] === major && known[1] >= minor));
  const features = { version, cutsQueries: from(3, 2), cutsNames: from(2, 51), anyNames: from(3, 0), leftOpen: from(3, 0) };
  const remarks = [
    ...(known === null ? [`Its version, ${version || "none"}, is not understood: the console asks it as an old one.`] : []),
    ...(known !== null && !from(2, 40) ? [`Prometheus ${version} is older than 2.40; parts of its answers may not be understood.`] : []),
    ...(features.cutsQueries || known === null ? [] : [`Prometheus ${version} sends every series of an answer; the console cuts it after reading, and refuses more than 16 MiB.`]),
    ...(features.leftOpen || known === null ? [] : [`Prometheus ${version} counts both ends of a range; a rate over two scrapes is shown where 3.x shows none.`]),
  ];
  return { ...features, remarks };
}
