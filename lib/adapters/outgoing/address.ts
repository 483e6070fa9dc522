// Which addresses the console goes to when somebody configured it to: never link-local ones and those under which clouds keep their metadata.
import "server-only";
import { BlockList, isIP } from "node:net";
import { AppError } from "@/lib/base/errors";

const refused = new BlockList();
refused.addSubnet("0.0.0.0", 8);
refused.addSubnet("169.254.0.0", 16);
refused.addAddress("100.100.100.200");
refused.addAddress("168.63.129.16");
refused.addAddress("192.0.0.192");
refused.addSubnet("224.0.0.0", 4);
refused.addSubnet("240.0.0.0", 4);
refused.addAddress("::", "ipv6");
refused.addSubnet("fe80::", 10, "ipv6");
refused.addSubnet("fec0::", 10, "ipv6");
refused.addSubnet("ff00::", 8, "ipv6");
refused.addSubnet("fd00:ec2::", 32, "ipv6");
refused.addAddress("fd20:ce::254", "ipv6");

const metadataNames = /^(metadata|instance-data)(\.|$)|\.metadata\.|^metadata\.google\.internal$/i;

/** IPv4 within IPv6 is the IPv4 address, however it is written. */
function plain(address: string): { address: string; family: "ipv4" | "ipv6" } {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  if (isIP(bare) === 4) return { address: bare, family: "ipv4" };
  const url = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const mapped = /^(?:::ffff:|64:ff9b::|::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(url);
  if (!mapped) return { address: url, family: "ipv6" };
  const [high, low] = [Number.parseInt(mapped[1] ?? "0", 16), Number.parseInt(mapped[2] ?? "0", 16)];
  return { address: [high >> 8, high & 255, low >> 8, low & 255].join("."), family: "ipv4" };
}

export function isRefusedAddress(address: string): boolean {
  if (isIP(address.replace(/^\[|\]$/g, "").replace(/%.*$/, "")) === 0) return true;
  const { address: bare, family } = plain(address);
  return refused.check(bare, family);
}

const refusal = (host: string) => new AppError("invalid", `${host} is a link-local address or one of a cloud's metadata service, and the console goes to none of those. Name the service's own address.`);

/** What can be told before anybody is asked; names are checked again when they are resolved, at the moment of connecting. */
export function checkHost(host: string): void {
  const bare = host.replace(/^\[|\]$/g, "");
  if (bare === "" || metadataNames.test(bare) || (isIP(bare) !== 0 && isRefusedAddress(bare))) throw refusal(host);
}

export function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new AppError("invalid", "The address is to be a whole URL, such as https://example.org/health.");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new AppError("invalid", `The address begins with ${url.protocol} and is to begin with http: or https:.`);
  if (url.username !== "" || url.password !== "") throw new AppError("invalid", "The address holds a user or password. Leave them out: addresses are shown to administrators.");
  checkHost(url.hostname);
  return url;
}

export function readHostPort(text: string): { host: string; port: number } {
  const found = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+):(\d{1,5})$/i.exec(text);
  const port = Number(found?.[2]);
  if (!found || port < 1 || port > 65_535) throw new AppError("invalid", "The address is to be <host>:<port>, such as db.example.org:5432.");
  const host = (found[1] ?? "").replace(/^\[|\]$/g, "");
  checkHost(host);
  return { host, port };
}
