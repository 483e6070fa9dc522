// Which addresses are link-local, a cloud's metadata service or this machine itself, however they are written.
import { BlockList, isIP } from "node:net";

function blocked(): BlockList {
  const list = new BlockList();
  list.addSubnet("169.254.0.0", 16, "ipv4");
  list.addSubnet("fe80::", 10, "ipv6");
  list.addAddress("fd00:ec2::254", "ipv6");
  return list;
}
const linkLocal = blocked();

function thisMachine(): BlockList {
  const list = new BlockList();
  list.addSubnet("127.0.0.0", 8, "ipv4");
  list.addAddress("::1", "ipv6");
  return list;
}
const loopback = thisMachine();
const metadataNames = new Set(["metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"]);

const plain = (host: string): string => host.replace(/%.*$/, "").replace(/\.$/, "").toLowerCase();
const familyOf = (address: string) => (isIP(address) === 4 ? "ipv4" : isIP(address) === 6 ? "ipv6" : null);

/** `host` is a name or an address without brackets. IPv4 inside IPv6 is seen through. */
export function isLinkLocal(host: string): boolean {
  const family = familyOf(plain(host));
  return family === null ? metadataNames.has(plain(host)) : linkLocal.check(plain(host), family);
}

/** What is said to it never leaves the machine. Of names only localhost, which browsers and resolvers keep for that. */
export function isLoopback(host: string): boolean {
  const family = familyOf(plain(host));
  return family === null ? plain(host) === "localhost" : loopback.check(plain(host), family);
}
