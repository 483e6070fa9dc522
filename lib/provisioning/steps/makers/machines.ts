// Making machines: instances by a request that is written down before it is sent, elastic addresses and what they lead to.
import { z } from "zod";
import type { Makers } from "./maker";

/** A launch as it was written down: a retry sends the same, or AWS refuses the token. */
export const launch = z.object({
  imageId: z.string(), type: z.string(), subnetId: z.string(), groupIds: z.array(z.string()), instanceProfile: z.string(), keyName: z.string(), userData: z.string(),
  rootDevice: z.string(), rootGib: z.number(), spot: z.boolean(), publicIp: z.boolean(), zone: z.string(),
});
export type Launch = z.infer<typeof launch>;

export const machineMakers: Makers<"instance" | "elastic-ip" | "elastic-ip-association"> = {
  "instance": {
    repeatable: true,
    async create({ aws, tags, token, fields, send }) {
      const order = launch.parse(fields);
      return (await send("start the machine", (by) => aws.runInstance({ ...order, token, tags }, by))).id;
    },
    update: ({ aws, resource: { wanted }, send }, { awsId }) => send("set who may read the machine's metadata", (by) => aws.setMetadata({ instanceId: awsId, hopLimit: wanted.metadataHopLimit }, by)),
    remove: ({ aws, send }, { awsId }) => send("terminate the machine", (by) => aws.terminateInstances([awsId], by)),
  },
  "elastic-ip": {
    repeatable: false,
    create: ({ aws, tags, send }) => send("allocate the elastic address", (by) => aws.allocateAddress({ tags }, by)),
    remove: ({ aws, send }, { awsId }) => send("release the elastic address", (by) => aws.releaseAddress(awsId, by)),
  },
  "elastic-ip-association": {
    repeatable: true,
    create: ({ aws, resource: { wanted }, id, send }) => send("give the machine its elastic address", (by) => aws.associateAddress({ allocationId: id(wanted.address), instanceId: id(wanted.instance) }, by)),
    async update({ aws, resource: { wanted }, id, send }, { awsId }) {
      await send("take the elastic address from another machine", (by) => aws.disassociateAddress(awsId, by));
      await send("give the machine its elastic address", (by) => aws.associateAddress({ allocationId: id(wanted.address), instanceId: id(wanted.instance) }, by));
    },
    remove: ({ aws, send }, { awsId }) => send("take the elastic address from the machine", (by) => aws.disassociateAddress(awsId, by)),
  },
};
