// The door to AWS: what is there, what is true of the account, and what may be made. Every call ends in time and says in words what went wrong.
import "server-only";
import { openLine, type AwsAccess } from "./clients";
import { awsFault, type AwsFault } from "./errors";
import { openFacts, type Facts } from "./facts";
import { openAccountFinds, type AccountFinds } from "./find-account";
import { openFinds, type Finds } from "./find";
import { openAccountMakes, type AccountMakes } from "./make-account";
import { openMachineMakes, type MachineMakes } from "./make-machines";
import { openNetworkMakes, type NetworkMakes } from "./make-network";

export interface AwsFind extends Finds, AccountFinds, Facts { region: string }
export interface AwsMake extends NetworkMakes, MachineMakes, AccountMakes {}

export interface Aws extends AwsFind, AwsMake {
  /** What AWS itself said, of anything that one of these calls threw; null when it came from elsewhere. */
  fault(thrown: unknown): AwsFault | null;
  close(): void;
}

/** Credentials come from the SDK's own chain: environment, profile, instance role. */
export function openAws(access: AwsAccess): Aws {
  const line = openLine(access);
  return {
    region: access.region,
    ...openFinds(line), ...openAccountFinds(line), ...openFacts(line),
    ...openNetworkMakes(line), ...openMachineMakes(line), ...openAccountMakes(line),
    fault: awsFault,
    close: () => line.close(),
  };
}
