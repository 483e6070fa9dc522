// The whole boot script of a machine: its values first and quoted, then its parts in order. No secret is in it.
import { AppError } from "@/lib/base/errors";
import { joinTokenHours, parameterNames, type BootInput } from "./input";
import { initConfiguration, joinConfigurationHead } from "./kubeadm-config";
import { tellExpiryPart } from "./certificates";
import { quoted } from "./quote";
import { awsPart, packagesPart, progressPart, systemPart } from "./script-parts";

/** What EC2 takes (source: "User data", EC2 User Guide), before it is encoded. */
export const mostUserDataBytes = 16_384;

function valuesPart(input: BootInput): string {
  const names = parameterNames(input.parameterPath);
  const values: Record<string, string> = {
    node_name: input.nodeName, region: input.region, endpoint: input.endpointName,
    kubernetes_version: input.kubernetesVersion, kubernetes_minor: input.kubernetesVersion.split(".").slice(0, 2).join("."), join_parameter: names.join,
    ...(input.role === "control-plane"
      ? { admin_parameter: names.adminKubeconfig, console_address: input.publicNames[0] ?? "", configuration: initConfiguration(input) }
      : { configuration: joinConfigurationHead(input) }),
  };
  return Object.entries(values).map(([name, value]) => `${name}=${quoted(value)}`).join("\n");
}

const configurationFile = "/etc/kubernetes/quarterdeck-kubeadm.yaml";

const controlPlanePart = String.raw`${tellExpiryPart}
begin init
printf '%s %s\n' "$address" "$endpoint" >>/etc/hosts
install -d -m 755 /etc/kubernetes
install -m 600 /dev/null ${configurationFile}
printf '%s\n' "$configuration" >${configurationFile}
if [ ! -e /etc/kubernetes/admin.conf ]; then kubeadm init --config ${configurationFile} 2>&1 | hide; fi
finish

begin publish
export KUBECONFIG=/etc/kubernetes/admin.conf
join=$(kubeadm token create --ttl ${joinTokenHours}h --print-join-command)
token=$(sed -n 's/.*--token \([^ ]*\).*/\1/p' <<<"$join")
hash=$(sed -n 's/.*--discovery-token-ca-cert-hash \([^ ]*\).*/\1/p' <<<"$join")
sed "s|server: .*|server: https://$([ -z "$console_address" ] && echo "$endpoint" || echo "$console_address"):6443|" /etc/kubernetes/admin.conf | again_put "$admin_parameter"
printf 'address=%s token=%s hash=%s' "$address" "$token" "$hash" | again_put "$join_parameter"
again tell_expiry
finish
`;

const workerPart = String.raw`
begin wait-for-control-plane
material=""
part() { tr ' ' '\n' <<<"$material" | sed -n "s/^$1=//p"; }
for turn in $(seq 1 400); do
  # Until the control plane writes to it, it is not there, or holds nothing of use.
  material=$(get_parameter "$join_parameter" 2>/dev/null) || material=""
  if [ -n "$(part token)" ]; then break; fi
  if [ $((turn % 20)) = 0 ]; then say waiting; fi
  sleep 3
done
[ -n "$(part token)" ]
printf '%s %s\n' "$(part address)" "$endpoint" >>/etc/hosts
finish

begin join
install -d -m 755 /etc/kubernetes
install -m 600 /dev/null ${configurationFile}
printf '%s\ndiscovery: {"bootstrapToken": {"apiServerEndpoint": "%s:6443", "token": "%s", "caCertHashes": ["%s"]}}\n' "$configuration" "$endpoint" "$(part token)" "$(part hash)" >${configurationFile}
if [ ! -e /etc/kubernetes/kubelet.conf ]; then kubeadm join --config ${configurationFile} 2>&1 | hide; fi
rm -f ${configurationFile}
finish
`;

export function toUserData(input: BootInput): string {
  const own = input.role === "control-plane" ? controlPlanePart : workerPart;
  const script = ["#!/bin/bash", "# Makes this instance a node of its cluster; see the serial console for how far it is.", "set -Eeuo pipefail", "export DEBIAN_FRONTEND=noninteractive", valuesPart(input), progressPart, awsPart, systemPart, packagesPart, own, "step=boot\nfinish\n"].join("\n");
  const bytes = new TextEncoder().encode(script).length;
  if (bytes > mostUserDataBytes) {
    throw new AppError("invalid", `The boot script of ${input.nodeName} is ${bytes} bytes long, and EC2 takes ${mostUserDataBytes}. Give its pool fewer or shorter labels and taints.`);
  }
  return script;
}
