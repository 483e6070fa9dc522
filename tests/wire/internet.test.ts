// Names and certificates against a real resolver and a real TLS server of our own.
import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shownCertificate } from "@/lib/adapters/internet/certificate";
import { openNames } from "@/lib/adapters/internet/names";
import { makeCertificate } from "../fixtures/certificate";

/** Answers as RFC 1035 says: one address record for growbin.app, one alias for www, nothing for the rest. */
function answerTo(question: Buffer): Buffer {
  const end = question.indexOf(0, 12) + 5;
  const labels: string[] = [];
  for (let at = 12; question[at] !== 0 && at < end; at += (question[at] ?? 0) + 1) labels.push(question.subarray(at + 1, at + 1 + (question[at] ?? 0)).toString());
  const [name, type] = [labels.join("."), question.readUInt16BE(end - 4)];
  const record = name === "growbin.app" && type === 1 ? { type: 1, data: Buffer.from([52, 0, 0, 1]) } : name === "www.growbin.app" && type === 5 ? { type: 5, data: Buffer.from("\u0007growbin\u0003app\u0000", "latin1") } : null;
  const head = Buffer.from(question.subarray(0, 12));
  head.writeUInt16BE(name.endsWith("nowhere.app") ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(record ? 1 : 0, 6);
  head.writeUInt16BE(0, 8);
  head.writeUInt16BE(0, 10);
  if (!record) return Buffer.concat([head, question.subarray(12, end)]);
  const own = Buffer.alloc(12);
  own.writeUInt16BE(0xc00c, 0);
  own.writeUInt16BE(record.type, 2);
  own.writeUInt16BE(1, 4);
  own.writeUInt32BE(60, 6);
  own.writeUInt16BE(record.data.length, 10);
  return Buffer.concat([head, question.subarray(12, end), own, record.data]);
}

let dns: Socket;
let tls: Server;
let port: number;
let servers: string;

beforeAll(async () => {
  dns = createSocket("udp4");
  dns.on("message", (question, from) => dns.send(answerTo(question), from.port, from.address));
  await new Promise<void>((resolve) => dns.bind(0, "127.0.0.1", resolve));
  servers = `127.0.0.1:${dns.address().port}`;
  tls = createServer(makeCertificate(), (socket) => socket.end());
  await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
  const at = tls.address();
  port = typeof at === "object" && at ? at.port : 0;
});
afterAll(async () => {
  dns.close();
  await new Promise((resolve) => tls.close(resolve));
});

describe("a name", () => {
  it("is told with its addresses and what it is an alias of; one without a record has none", async () => {
    const names = openNames(servers);
    expect(await names.resolve("growbin.app")).toEqual({ addresses: ["52.0.0.1"], aliases: [] });
    expect((await names.resolve("www.growbin.app")).aliases).toEqual(["growbin.app"]);
    expect(await names.resolve("a.nowhere.app")).toEqual({ addresses: [], aliases: [] });
  });

  it("that is none is not asked for, and a resolver that is not there is said", async () => {
    await expect(openNames(servers).resolve("http://x/")).rejects.toMatchObject({ code: "invalid" });
    await expect(openNames("127.0.0.1:9").resolve("growbin.app")).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("a certificate", () => {
  it("is read from the handshake with its names and its end, whoever signed it", async () => {
    const shown = await shownCertificate({ address: "127.0.0.1", port, name: "growbin.app" });
    expect(shown.names).toEqual(["suite"]);
    expect(shown.endsAt).toBeGreaterThan(Date.now());
  });

  it("that is not shown is a sentence", async () => {
    await expect(shownCertificate({ address: "127.0.0.1", port: 9, name: "x.app" })).rejects.toMatchObject({ code: "unavailable", say: expect.stringContaining("127.0.0.1:9 showed no certificate") });
  });
});
