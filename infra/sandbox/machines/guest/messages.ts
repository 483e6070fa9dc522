// What the world and a VPC's first process tell each other; connections travel with some of it.

export interface Hardware { instanceType: string; cpuMillis: number; memoryMiB: number; rootVolumeGiB: number }

export interface PowerOn {
  id: string;
  address: string;
  prefix: number;
  gateway: string;
  hostname: string;
  /** Lines of /etc/hosts beyond the machine's own: names that are reached outside the VPC. */
  hosts: readonly string[];
  /** Trusted beside the usual authorities. */
  authority: string;
  userData: string;
  hardware: Hardware;
  pace: "real" | "fast";
}

export interface Shut { to: string; protocol: "tcp" | "udp"; port: number }

export type Order =
  | { do: "power-on"; machine: PowerOn }
  | { do: "power-off"; id: string }
  | { do: "scrap"; id: string }
  | { do: "shut"; id: string; paths: readonly Shut[] }
  /** The connection that comes with it goes on to this address inside the VPC. */
  | { do: "connect"; to: string; port: number };

export type Report =
  | { say: "up" }
  | { say: "failed"; why: string }
  | { say: "console"; id: string; text: string }
  | { say: "off"; id: string }
  | { say: "scrapped"; id: string }
  /** A cluster begins on the machine: the way of its administrator, as kubeadm wrote it. */
  | { say: "administrator"; id: string; kubeconfig: string }
  /** A machine's connection to the metadata service or to something outside; it comes with this. */
  | { say: "visit"; where: "metadata" | "outside"; port: number };
