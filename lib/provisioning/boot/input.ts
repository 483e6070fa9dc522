// What a machine must know to boot into its place in a cluster: the narrow part of a blueprint that reaches user data.

export interface BootTaint { key: string; value: string; effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute" }

export interface BootInput {
  role: "control-plane" | "worker";
  clusterName: string;
  nodeName: string;
  region: string;
  zone: string;
  instanceType: string;
  /** Without a v: 1.36.3. */
  kubernetesVersion: string;
  podCidr: string;
  serviceCidr: string;
  /** The name by which nodes find the API server; each resolves it to the private address itself. */
  endpointName: string;
  /** Addresses and names beyond the private ones that the API server's certificate holds for: the elastic address of the console's way. */
  publicNames: readonly string[];
  labels: Readonly<Record<string, string>>;
  taints: readonly BootTaint[];
  /** The cluster's path of SSM parameters; see `parameterNames`. */
  parameterPath: string;
}

/** The parameters that join material and the administrator's kubeconfig travel through, each readable by one side alone. */
export function parameterNames(path: string): { join: string; adminKubeconfig: string } {
  return { join: `${path}/join`, adminKubeconfig: `${path}/admin-kubeconfig` };
}

/** How long a join token is good for. */
export const joinTokenHours = 2;
