// Which addresses are link-local or a cloud's metadata service, however they are written.
import { BlockList, isIP } from "node:net";

function blocked(): BlockList {
  const list = new BlockList();
  list.addSubnet("169.254.0.0", 16, "ipv4");
  list.addSubnet("fe80::", 10, "ipv6");
  list.addAddress("fd00:ec2::254", "ipv6");
  return list;
}
const linkLocal = blocked();
const metadataNames = new Set(["metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"]);

/** `host` is a name or an address without brackets. IPv4 inside IPv6 is seen through. */
export function isLinkLocal(host: string): boolean {
  const plain = host.replace(/%.*$/, "").replace(/\.$/, "").toLowerCase();
  const family = isIP(plain);
  if (family === 0) return metadataNames.has(plain);
  return linkLocal.check(plain, family === 4 ? "ipv4" : "ipv6");
}
