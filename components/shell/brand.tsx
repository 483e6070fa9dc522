// The mark of the console: four decks in the four tiers' accents.
export function Brand() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden>
      <rect x="1" y="2" width="14" height="2.4" rx=".6" fill="var(--tier-1)" />
      <rect x="1" y="5.3" width="10" height="2.4" rx=".6" fill="var(--tier-2)" />
      <rect x="1" y="8.6" width="8" height="2.4" rx=".6" fill="var(--tier-3)" />
      <rect x="1" y="11.9" width="5" height="2.4" rx=".6" fill="var(--tier-4)" />
    </svg>
  );
}
