// The kubeconfig of a pod: what Kubernetes puts into each container that has a service account.

/** Where Kubernetes mounts token and authority. Source: "Accessing the API from within a Pod", Kubernetes documentation. */
export const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

export interface PodSurroundings { host: string; port: number; folder: string }

/** For `ClusterAccess` with `trusted`: the token is a file that is read anew when the kubelet renews it. */
export function inClusterKubeconfig({ host, port, folder }: PodSurroundings): string {
  const name = "in-cluster";
  const address = host.includes(":") ? `[${host}]` : host;
  return JSON.stringify({
    apiVersion: "v1", kind: "Config", "current-context": name,
    clusters: [{ name, cluster: { server: `https://${address}:${port}`, "certificate-authority": `${folder}/ca.crt` } }],
    users: [{ name, user: { "auth-provider": { name: "tokenFile", config: { tokenFile: `${folder}/token` } } } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}
