// Where to go after signing in: a page of ours, whatever the address says.

export function safeTarget(then: string): string {
  const base = "http://console.invalid";
  if (!then.startsWith("/") || !URL.canParse(then, base)) return "/";
  const url = new URL(then, base);
  return url.origin === base ? url.pathname + url.search : "/";
}
