// Where the console goes out to: link-local and metadata addresses are refused in every spelling, and once more when a name is resolved.
import type { lookup } from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkHost, isRefusedAddress, readHostPort, readUrl } from "@/lib/adapters/outgoing/address";
import { goHttp, goTcp, guardedLookup } from "@/lib/adapters/outgoing/go";

describe("an address is refused when it is set", () => {
  it.each([
    "http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://[::ffff:169.254.169.254]/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://169.254.1", "http://metadata.google.internal/",
    "http://[fd00:ec2::254]/", "http://100.100.100.200/", "http://0.0.0.0/", "http://[::]/", "http://metadata/", "http://instance-data/", "http://user:pw@example.org/", "ftp://example.org/", "file:///etc/passwd", "example.org",
  ])("%s", (address) => expect(() => readUrl(address)).toThrow());
  it.each(["169.254.169.254:80", "[fe80::1]:80", "metadata.google.internal:80", "host", "host:0", "host:99999"])("%s", (address) => expect(() => readHostPort(address)).toThrow());
  it("and what is a service's own is not", () => {
    expect(readUrl("https://images.s3.ap-northeast-2.amazonaws.com/health").hostname).toBe("images.s3.ap-northeast-2.amazonaws.com");
    expect(readHostPort("[2001:db8::1]:5432")).toEqual({ host: "2001:db8::1", port: 5432 });
    expect(() => checkHost("10.0.1.50")).not.toThrow();
    expect(isRefusedAddress("64:ff9b::a9fe:a9fe")).toBe(true);
  });
});

describe("a name is checked again when it is resolved", () => {
  let port = 0;
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (request.url === "/away") response.writeHead(302, { location: "http://169.254.169.254/" });
    else response.writeHead(request.url === "/private" ? 403 : 200);
    response.end("fine");
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = addressOf(server.address()).port;
  });
  afterAll(() => server.close());

  /** A resolver that answers as it is told; the cast holds because the guard asks for all addresses. */
  const resolver = (...addresses: string[]) => guardedLookup(((_name: string, _options: object, callback: (error: null, found: { address: string; family: number }[]) => void) => callback(null, addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })))) as unknown as typeof lookup);

  it("and a name that turned to the metadata service is not gone to", async () => {
    const went = await goHttp(`http://rebound.example:${port}/`, { timeoutMs: 2000, lookup: resolver("169.254.169.254") });
    expect(went).toMatchObject({ ok: false, say: "its name leads to an address that the console does not go to" });
    expect(await goTcp(`rebound.example:${port}`, { timeoutMs: 2000, lookup: resolver("127.0.0.1", "fe80::1") })).toMatchObject({ ok: false });
    expect(asked).toBe(0);
  });

  it("and one that leads to the service is, without following where it is sent", async () => {
    expect(await goHttp(`http://service.example:${port}/`, { timeoutMs: 2000, lookup: resolver("127.0.0.1") })).toMatchObject({ ok: true, status: 200 });
    expect(await goTcp(`service.example:${port}`, { timeoutMs: 2000, lookup: resolver("127.0.0.1") })).toMatchObject({ ok: true, say: "connected" });
    const before = asked;
    expect(await goHttp(`http://127.0.0.1:${port}/away`, { timeoutMs: 2000 })).toMatchObject({ status: 302 });
    expect(asked).toBe(before + 1);
    expect(await goHttp(`http://127.0.0.1:${port}/private`, { timeoutMs: 2000 })).toMatchObject({ ok: false, status: 403, say: "answered 403" });
  });

  it("and a failure is told without an address", async () => {
    const went = await goTcp("127.0.0.1:1", { timeoutMs: 2000 });
    expect(went).toMatchObject({ ok: false, say: "connection refused" });
  });
});

/** A TCP server's address is an object; only pipes and closed servers have another. */
function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (typeof address === "object" && address !== null) return address;
  throw new Error("the server does not listen on a port");
}
