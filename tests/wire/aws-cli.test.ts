// The imitation of AWS is held to its original by the AWS CLI, unmodified: the one on PATH, else a pinned one from PyPI, installed once.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machines } from "../../infra/sandbox/machines/catalogue";
import { startAws, type Aws } from "../../infra/sandbox/aws/server";

const version = "1.45.11";
const home = path.resolve(import.meta.dirname, "../../.quarterdeck", `awscli-${version}`);

/** Null with the reason when neither is to be had. */
function findCli(): { command: string } | { missing: string } {
  if (spawnSync("aws", ["--version"]).status === 0) return { command: "aws" };
  const command = path.join(home, "bin/aws");
  if (existsSync(command)) return { command };
  const made = spawnSync("python3", ["-m", "venv", home], { encoding: "utf8" });
  if (made.status !== 0) return { missing: `the AWS CLI is not on PATH and python3 cannot make a place for it: ${made.error?.message ?? made.stderr.trim()}` };
  const got = spawnSync(path.join(home, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", `awscli==${version}`], { encoding: "utf8", timeout: 400_000 });
  if (got.status === 0) return { command };
  rmSync(home, { recursive: true, force: true });
  return { missing: `the AWS CLI is not on PATH and pip cannot get it: ${got.stderr.trim().split("\n").at(-1)}` };
}

let aws: Aws;
let found: ReturnType<typeof findCli>;
beforeAll(async () => {
  found = findCli();
  aws = await startAws({ port: 0, machines });
});
afterAll(() => aws.stop());

async function cli(...args: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)("command" in found ? found.command : "", [...args, "--endpoint-url", aws.url, "--region", "ap-northeast-2", "--output", "json"], {
    env: { ...process.env, AWS_ACCESS_KEY_ID: aws.credential.accessKeyId, AWS_SECRET_ACCESS_KEY: aws.credential.secretAccessKey, AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", AWS_MAX_ATTEMPTS: "1" },
  });
  return stdout.trim() === "" ? null : JSON.parse(stdout);
}

describe("the AWS CLI", () => {
  it("finds who it is, what is there, and makes a network, a machine, a role and a parameter", async ({ skip }) => {
    if ("missing" in found) return skip(found.missing);
    const dir = mkdtempSync(path.join(tmpdir(), "quarterdeck-cli-"));
    expect(await cli("sts", "get-caller-identity")).toMatchObject({ Account: "123456789012" });
    expect(await cli("ec2", "describe-instances", "--filters", "Name=tag:Role,Values=control-plane", "--query", "Reservations[].Instances[].InstanceId")).toEqual([machines[0]?.instanceId]);
    const vpc = await cli("ec2", "create-vpc", "--cidr-block", "10.9.0.0/16", "--tag-specifications", "ResourceType=vpc,Tags=[{Key=Name,Value=cli}]", "--query", "Vpc.VpcId");
    const subnet = await cli("ec2", "create-subnet", "--vpc-id", String(vpc), "--cidr-block", "10.9.1.0/24", "--query", "Subnet.SubnetId");
    writeFileSync(path.join(dir, "user-data"), "#!/bin/sh\necho hello\n");
    const image = await cli("ssm", "get-parameters", "--names", "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id", "--query", "Parameters[0].Value");
    expect(await cli("ec2", "run-instances", "--image-id", String(image), "--instance-type", "t3.small", "--subnet-id", String(subnet), "--user-data", `file://${dir}/user-data`, "--query", "Instances[].State.Name")).toEqual(["pending"]);
    expect(Object.values(aws.cloud.state.instance).at(-1)?.userData).toBe("#!/bin/sh\necho hello\n");
    writeFileSync(path.join(dir, "trust.json"), '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}');
    expect(await cli("iam", "create-role", "--role-name", "cli", "--path", "/quarterdeck/", "--assume-role-policy-document", `file://${dir}/trust.json`)).toMatchObject({ Role: { Arn: "arn:aws:iam::123456789012:role/quarterdeck/cli", AssumeRolePolicyDocument: { Version: "2012-10-17" } } });
    await expect(cli("ec2", "delete-vpc", "--vpc-id", String(vpc))).rejects.toThrow("(DependencyViolation) when calling the DeleteVpc operation");
    expect(await cli("elbv2", "describe-load-balancers")).toEqual({ LoadBalancers: [] });
    expect(await cli("service-quotas", "get-service-quota", "--service-code", "ec2", "--quota-code", "L-1216C47A", "--query", "Quota.Value")).toBe(64);
    rmSync(dir, { recursive: true, force: true });
  });
});
