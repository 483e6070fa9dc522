// When the certificates on a control plane's disk run out: told by the machine itself into a ConfigMap, at its boot and after each renewal, and read there by the console.
import { z } from "zod";

export const expiryConfigMap = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "quarterdeck-certificates" } as const;

/**
 * A function for a shell on a control plane, which speaks to its own API server as its administrator. Each machine owns the
 * key of its name in the ConfigMap, so that several do not write over each other.
 */
export const tellExpiryPart = String.raw`
tell_expiry() {
  local told keys part ended=0
  told=$(kubeadm certs check-expiration -o json 2>/dev/null | tr -d ' \n' | sed 's/"/\\"/g')
  keys=$(mktemp -d -p /run)
  for part in client-certificate client-key; do sed -n "s/.*$part-data: //p" /etc/kubernetes/admin.conf | base64 -d >"$keys/$part"; done
  printf '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${expiryConfigMap.name}"},"data":{"%s":"%s"}}' "$(hostname)" "$told" |
    curl -fsS --max-time 30 -X PATCH -H 'Content-Type: application/apply-patch+yaml' --cacert /etc/kubernetes/pki/ca.crt --cert "$keys/client-certificate" --key "$keys/client-key" --data-binary @- \
      "https://$(hostname):6443/api/v1/namespaces/${expiryConfigMap.namespace}/configmaps/${expiryConfigMap.name}?fieldManager=quarterdeck-$(hostname)&force=true" >/dev/null || ended=$?
  rm -rf "$keys"
  return "$ended"
}
`;

const certificate = z.object({ name: z.string(), expirationDate: z.string().nullable(), missing: z.boolean().optional(), caName: z.string().optional() });
const told = z.object({ certificates: z.array(certificate), certificateAuthorities: z.array(certificate).optional() });
const configMap = z.object({ data: z.record(z.string(), z.string()).optional() });

export interface DiskCertificate { machine: string; name: string; authority: boolean; until: number }

/** What the machines told; what cannot be read is left out, as if it had not been told. */
export function toDiskCertificates(object: unknown): DiskCertificate[] {
  const data = configMap.safeParse(object).data?.data ?? {};
  return Object.entries(data).flatMap(([machine, text]) => {
    const known = told.safeParse(jsonOf(text)).data;
    const each = (list: readonly z.infer<typeof certificate>[], authority: boolean) => list.flatMap(({ name, expirationDate }): DiskCertificate[] => {
      const until = Date.parse(expirationDate ?? "");
      return Number.isNaN(until) ? [] : [{ machine, name, authority, until }];
    });
    return known ? [...each(known.certificates, false), ...each(known.certificateAuthorities ?? [], true)] : [];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
