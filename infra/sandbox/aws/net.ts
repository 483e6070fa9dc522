// IPv4 blocks: read, compared, and walked through for a free address.

export interface Block { base: number; bits: number }

export function toNumber(address: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  const parts = match?.slice(1).map(Number) ?? [];
  if (parts.length !== 4 || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

export function parseBlock(text: string): Block | null {
  const [address = "", bits = ""] = text.split("/");
  const base = toNumber(address);
  if (base === null || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return null;
  return { base, bits: Number(bits) };
}

export function sizeOf({ bits }: Block): number {
  return 2 ** (32 - bits);
}

/** AWS takes 10.0.0.5/16 and means 10.0.0.0/16 (source: "CreateVpc", EC2 API reference). */
export function canonical(text: string): string {
  const block = parseBlock(text);
  if (!block) return text;
  return `${toAddress(block.base - (block.base % sizeOf(block)))}/${block.bits}`;
}

export function contains(outer: string, inner: string): boolean {
  const [a, b] = [parseBlock(canonical(outer)), parseBlock(canonical(inner.includes("/") ? inner : `${inner}/32`))];
  return a !== null && b !== null && b.base >= a.base && b.base + sizeOf(b) <= a.base + sizeOf(a);
}

export function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

/** The first four addresses of a subnet and its last are AWS' own (source: "Subnet CIDR blocks", VPC User Guide). */
export function freeAddress(cidr: string, taken: ReadonlySet<string>): string | null {
  const block = parseBlock(cidr);
  if (!block) return null;
  for (let number = block.base + 4; number < block.base + sizeOf(block) - 1; number += 1) {
    const address = toAddress(number);
    if (!taken.has(address)) return address;
  }
  return null;
}

export function isReserved(cidr: string, address: string): boolean {
  const [block, number] = [parseBlock(cidr), toNumber(address)];
  if (!block || number === null) return true;
  return number < block.base + 4 || number >= block.base + sizeOf(block) - 1;
}
