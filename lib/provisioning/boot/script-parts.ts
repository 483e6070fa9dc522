// The boot script's parts that are the same for every machine: progress, metadata, parameters, kernel, container runtime, packages.

/** Every part begins by naming its step; what ends the script is named with its line. */
export const progressPart = String.raw`
step=start
say() { printf 'quarterdeck: step=%s state=%s\n' "$step" "$1" >&2; }
begin() { step=$1; say begun; }
finish() { say "done"; }
trap 'say "failed code=$? line=$LINENO"' ERR
again() {
  local turn
  for turn in 1 2 3 4 5; do
    if "$@"; then return 0; fi
    echo "attempt $turn of $1 failed" >&2
    sleep 5
  done
  return 1
}
hide() { sed -u -E '/CONFIG_/d; s/[a-z0-9]{6}\.[a-z0-9]{16}/[token]/g; s/sha256:[0-9a-f]{64}/sha256:[hash]/g'; }
`;

/** SSM is spoken to with the instance's own role, by curl: a stock image has no AWS CLI. Keys and tokens are never on a command line. */
export const awsPart = String.raw`
imds=http://169.254.169.254/latest
imds_token=$(curl -fsS --retry 10 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 21600' "$imds/api/token")
metadata() { curl -fsS --retry 5 -H "X-aws-ec2-metadata-token: $imds_token" "$imds/meta-data/$1"; }
field() { sed -n 's/.*"'"$1"'" *: *"\([^"]*\)".*/\1/p'; }
ssm() {
  local role keys
  role=$(metadata iam/security-credentials/)
  keys=$(metadata "iam/security-credentials/$role")
  curl -sS --fail-with-body --max-time 30 --aws-sigv4 "aws:amz:$region:ssm" \
    --config <(printf 'user = "%s:%s"\nheader = "X-Amz-Security-Token: %s"\n' "$(field AccessKeyId <<<"$keys")" "$(field SecretAccessKey <<<"$keys")" "$(field Token <<<"$keys")") \
    -H 'Content-Type: application/x-amz-json-1.1' -H "X-Amz-Target: AmazonSSM.$1" --data-binary @- "https://ssm.$region.amazonaws.com/"
}
put_parameter() {
  local value
  value=$(sed -z 's/\\/\\\\/g; s/"/\\"/g; s/\n/\\n/g')
  printf '{"Name":"%s","Type":"SecureString","Overwrite":true,"Value":"%s"}' "$1" "$value" | ssm PutParameter >/dev/null
}
put_value() { printf '%s' "$2" | put_parameter "$1"; }
again_put() {
  local value
  value=$(cat)
  again put_value "$1" "$value"
}
get_parameter() { printf '{"Name":"%s","WithDecryption":true}' "$1" | ssm GetParameter | field Value; }
`;

export const systemPart = String.raw`
begin system
hostnamectl set-hostname "$node_name"
address=$(metadata local-ipv4)
printf '%s %s\n' "$address" "$node_name" >>/etc/hosts
printf 'overlay\nbr_netfilter\n' >/etc/modules-load.d/kubernetes.conf
modprobe overlay
modprobe br_netfilter
printf '%s = 1\n' net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables net.ipv4.ip_forward >/etc/sysctl.d/90-kubernetes.conf
printf '%s\n' 'vm.overcommit_memory = 1' 'kernel.panic = 10' 'kernel.panic_on_oops = 1' >>/etc/sysctl.d/90-kubernetes.conf
sysctl --system >/dev/null
swapoff -a
sed -i '/[[:space:]]swap[[:space:]]/d' /etc/fstab
finish
`;

export const packagesPart = String.raw`
begin packages
apt() { apt-get -y -q -o DPkg::Lock::Timeout=300 "$@"; }
repository() {
  curl -fsSL --retry 5 -o "/etc/apt/keyrings/$1.asc" "$2"
  chmod 644 "/etc/apt/keyrings/$1.asc"
  echo "deb [signed-by=/etc/apt/keyrings/$1.asc] $3" >"/etc/apt/sources.list.d/$1.list"
}
mkdir -p /etc/apt/keyrings
codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
kubernetes_url="https://pkgs.k8s.io/core:/stable:/v$kubernetes_minor/deb/"
repository kubernetes "$kubernetes_url"Release.key "$kubernetes_url /"
repository docker https://download.docker.com/linux/ubuntu/gpg "https://download.docker.com/linux/ubuntu $codename stable"
again apt update
again apt install 'containerd.io=2.*' socat conntrack "kubelet=$kubernetes_version-*" "kubeadm=$kubernetes_version-*" "kubectl=$kubernetes_version-*"
apt-mark hold containerd.io kubelet kubeadm kubectl
finish

begin container-runtime
mkdir -p /etc/containerd
cat >/etc/containerd/config.toml <<'TOML'
version = 3
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = 'registry.k8s.io/pause:3.10.2'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = true
TOML
systemctl enable containerd
systemctl restart containerd
# Before the node first registers: a provider id cannot be changed afterwards.
echo "KUBELET_EXTRA_ARGS=\"--provider-id=aws:///$(metadata placement/availability-zone)/$(metadata instance-id) --node-ip=$address\"" >/etc/default/kubelet
systemctl enable kubelet
finish
`;
