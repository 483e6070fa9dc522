// What the imitation of AWS asks of whoever gives an instance its life: boot it, end it, say what its serial console shows.

export interface BootOrder {
  instanceId: string;
  vpcId: string;
  subnetId: string;
  subnetCidr: string;
  privateIp: string;
  zone: string;
  instanceType: string;
  /** Decoded; "" when it was given none. */
  userData: string;
  /** The role whose temporary credentials the metadata service hands out; null without an instance profile. */
  roleName: string | null;
  tags: Readonly<Record<string, string>>;
}

export interface Hypervisor {
  /** Returns at once; the boot goes on, and what it prints is on the serial console. */
  boot(order: BootOrder): void;
  /** Resolves when nothing of the machine is left. */
  terminate(instanceId: string): Promise<void>;
  stop(instanceId: string): Promise<void>;
  start(instanceId: string): void;
  /** Everything printed since boot; "" for an instance it does not know. */
  consoleOutput(instanceId: string): string;
  /** An elastic IP now leads to the instance, or to none: the loopback address stands for it on this machine. */
  mapAddress(publicIp: string, instanceId: string | null): void;
}
