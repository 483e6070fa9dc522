// Canonical's images, as DescribeImages and the public SSM parameters show them.
// Sources: "DescribeImages", EC2 API reference; "Finding AMIs" (documentation.ubuntu.com/aws): owner 099720109477, names, and the parameters' paths.
import { createHash } from "node:crypto";
import type { Action } from "../action.ts";
import { AwsError } from "../errors.ts";
import { filtersOf, listOf, matchesAny, type Filter } from "../query.ts";
import type { Tags } from "../state.ts";
import type { Element } from "../xml.ts";

export interface Image { id: string; name: string; architecture: "x86_64" | "arm64"; createdAt: string; release: string; storage: "ebs-gp2" | "ebs-gp3"; tags: Tags }

const canonicalOwner = "099720109477";
const releases = [
  { release: "22.04", code: "jammy", storage: "ebs-gp2", folder: "hvm-ssd", serials: ["20260915", "20261020"] },
  { release: "24.04", code: "noble", storage: "ebs-gp3", folder: "hvm-ssd-gp3", serials: ["20260922", "20261103"] },
] as const;

function toImages({ release, code, storage, folder, serials }: (typeof releases)[number]): Image[] {
  return (["amd64", "arm64"] as const).flatMap((arch) => serials.map((serial): Image => {
    const name = `ubuntu/images/${folder}/ubuntu-${code}-${release}-${arch}-server-${serial}`;
    const id = `ami-0${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
    const createdAt = `${serial.slice(0, 4)}-${serial.slice(4, 6)}-${serial.slice(6)}T06:12:40.000Z`;
    return { id, name, architecture: arch === "arm64" ? "arm64" : "x86_64", createdAt, release, storage, tags: {} };
  }));
}

export const images: readonly Image[] = releases.flatMap(toImages);

/** `/aws/service/canonical/ubuntu/server/<release>/stable/current/<arch>/hvm/<storage>/ami-id`. */
export const publicImageParameters: ReadonlyMap<string, string> = new Map(releases.flatMap(({ release, storage }) => (["amd64", "arm64"] as const).map((arch): [string, string] => {
  const newest = images.filter((image) => image.release === release && image.architecture === (arch === "arm64" ? "arm64" : "x86_64")).at(-1);
  return [`/aws/service/canonical/ubuntu/server/${release}/stable/current/${arch}/hvm/${storage}/ami-id`, newest?.id ?? ""];
})));

/** Source: "Error codes for the Amazon EC2 API", InvalidAMIID.Malformed and InvalidAMIID.NotFound. */
export function needImage(id: string): Image {
  if (!/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) throw new AwsError("InvalidAMIID.Malformed", `Invalid id: "${id}" (expecting "ami-...")`);
  const image = images.find((one) => one.id === id);
  if (!image) throw new AwsError("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`);
  return image;
}

const fields: Record<string, (image: Image) => string> = {
  "image-id": ({ id }) => id,
  name: ({ name }) => name,
  architecture: ({ architecture }) => architecture,
  "owner-id": () => canonicalOwner,
  "owner-alias": () => "",
  state: () => "available",
  "root-device-type": () => "ebs",
  "virtualization-type": () => "hvm",
  "is-public": () => "true",
};

function fits(image: Image, { name, values }: Filter): boolean {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
  return matchesAny(values, field(image));
}

export const describeImages: Action = ({ parameters }) => {
  const ids = listOf(parameters, "ImageId");
  const owners = listOf(parameters, "Owner");
  const chosen = ids.length > 0 ? ids.map(needImage) : images;
  const filters = filtersOf(parameters);
  const found = chosen.filter((image) => (owners.length === 0 || owners.includes(canonicalOwner)) && filters.every((filter) => fits(image, filter)));
  return { imagesSet: found.map(toElement) };
};

function toElement(image: Image): Element {
  return {
    imageId: image.id, name: image.name, imageLocation: `${canonicalOwner}/${image.name}`, imageState: "available", imageOwnerId: canonicalOwner, isPublic: true, architecture: image.architecture,
    imageType: "machine", description: `Canonical, Ubuntu, ${image.release} LTS`, rootDeviceType: "ebs", rootDeviceName: "/dev/sda1", virtualizationType: "hvm", hypervisor: "xen", enaSupport: true, creationDate: image.createdAt,
    blockDeviceMapping: [{ deviceName: "/dev/sda1", ebs: { snapshotId: image.id.replace("ami-", "snap-"), volumeSize: 8, deleteOnTermination: true, volumeType: image.storage === "ebs-gp3" ? "gp3" : "gp2", encrypted: false } }],
    platformDetails: "Linux/UNIX", usageOperation: "RunInstances", imdsSupport: image.storage === "ebs-gp3" ? "v2.0" : null, tagSet: [],
  };
}
