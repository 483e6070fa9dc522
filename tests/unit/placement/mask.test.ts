// Guarantees of what people read of an object: no secret value, no bookkeeping, everything else as it is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskSecrets } from "@/lib/placement/mask";

const pod = (env: { name: string; value?: string; valueFrom?: unknown }[], annotations: Record<string, string> = {}) => ({
  metadata: { name: "api-0", uid: "5f0c2f8e-8c1a-4ea1-9d0e-1b2c3d4e5f60", managedFields: [{ manager: "kubelet" }], annotations },
  spec: { containers: [{ name: "api", image: "registry.example/api:1.2.3", args: ["--workers=4", "--password", "hunter2hunter2"], env }] },
});

describe("an object as people read it", () => {
  it.each(["DB_PASSWORD", "SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "API_KEY", "apiToken", "SENTRY_DSN", "DATABASE_URL", "JWT_SIGNING_KEY", "CELERY_BROKER_URL", "BASIC_AUTH"])("the value of %s is masked", (name) => {
    expect(JSON.stringify(maskSecrets(pod([{ name, value: "Zq9XvBplain" }])))).not.toContain("Zq9XvBplain");
  });

  it.each(["LOG_LEVEL", "TOKEN_TTL", "PASSWORD_FILE", "AUTH_ENABLED", "REPLICAS", "HOSTNAME"])("the value of %s is shown", (name) => {
    expect(JSON.stringify(maskSecrets(pod([{ name, value: "plain" }])))).toContain('"value":"plain"');
  });

  it("a reference to a secret stays, for it tells where and not what", () => {
    const reference = { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } };
    expect(maskSecrets(pod([reference]))).toMatchObject({ spec: { containers: [{ env: [reference] }] } });
  });

  it("managedFields and the last applied configuration are dropped, other annotations stay", () => {
    const masked = JSON.stringify(maskSecrets(pod([], { "kubectl.kubernetes.io/last-applied-configuration": '{"env":"x"}', team: "sesac" })));
    expect(masked).not.toMatch(/managedFields|last-applied/);
    expect(masked).toContain('"team":"sesac"');
  });

  it("a password in arguments or in an address is struck out wherever it stands", () => {
    const masked = JSON.stringify(maskSecrets({ ...pod([{ name: "UPSTREAM", value: "amqp://user:s3cr3tpw@mq:5672" }]), data: { deep: [{ url: "postgres://a:otherpw9@db/x" }] } }));
    expect(masked).not.toMatch(/hunter2hunter2|s3cr3tpw|otherpw9/);
  });

  it("any JSON goes through without a throw, and what holds no text keeps its shape", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => { maskSecrets(value); }));
    const numbers = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.integer(), fc.boolean()), { noNullPrototype: true });
    fc.assert(fc.property(numbers, (value) => { expect(maskSecrets({ spec: value })).toEqual({ spec: value }); }));
  });
});
