// AWS in a world: it takes orders, knows its keys of this start alone, and what was made in it outlives the sandbox.
import { CreateVpcCommand, DescribeInstancesCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { startWorld, type World } from "../../infra/sandbox/world";
import { clientsOf, codeOf } from "./aws-clients";
import { bare, temporaryHome } from "./sandbox-world";

const clients = (world: World) => clientsOf({ url: world.awsUrl ?? "" }, world.awsCredential ?? { accessKeyId: "", secretAccessKey: "" });

describe("the world's AWS", () => {
  it("errs by order, is well again by order, and keeps what was made over a restart", async () => {
    const { home, remove } = temporaryHome();
    const first = await startWorld({ home, ...bare, aws: true });
    const create = () => clients(first).ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
    expect(await first.order("aws-fault", ["CreateVpc", "Unavailable", "before", "0"])).toEqual({ ok: true, say: "CreateVpc goes wrong before its effect: Unavailable." });
    expect(await codeOf(create())).toBe("Unavailable");
    expect(await first.order("aws-keys", ["expired"])).toMatchObject({ ok: true });
    expect(await first.order("aws-keys", ["lost"])).toMatchObject({ ok: false });
    await first.order("aws-well");
    expect(await codeOf(create())).toBe("accepted");
    expect(await first.order("aws-quota", ["vpc/L-F678F1CE", "1"])).toMatchObject({ ok: true });
    expect(await first.order("aws-sold-out", ["t3.large"])).toMatchObject({ ok: true });
    expect(await codeOf(create())).toBe("VpcLimitExceeded");
    await first.stop();

    const second = await startWorld({ home, ...bare, aws: true });
    const { Vpcs = [] } = await clients(second).ec2.send(new DescribeVpcsCommand({}));
    expect(Vpcs.map(({ CidrBlock }) => CidrBlock)).toEqual(["10.0.0.0/16", "10.9.0.0/16"]);
    expect((await clients(second).ec2.send(new DescribeInstancesCommand({}))).Reservations?.length).toBe(7);
    expect(second.awsCredential?.secretAccessKey).not.toBe(first.awsCredential?.secretAccessKey);
    await second.stop();
    remove();
  });
});
