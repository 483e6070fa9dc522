#!/bin/sh
# Lays out, read-only, what the machines of a VPC may see of this host, gives up all rights over it, and becomes the VPC's first process.
set -eu
base=$1 node=$2 sandbox=$3 yaml=$4 user=$5
shift 5 # what remains: <name>=<path> of each program

mount --make-rprivate /
mount -t tmpfs -o mode=755 sandbox "$base"

# A mount that is copied into another user namespace keeps its flags for good; those of the source may not be dropped.
show() {
  flags=$(findmnt -no OPTIONS --target "$1" | tr ',' '\n' | grep -E '^(nosuid|nodev|noexec)$' | tr '\n' ',' || true)
  mount --rbind "$1" "$2"
  mount -o "remount,bind,${flags}ro" "$2"
}

for name in usr bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$name" ]; then
    cp -P "/$name" "$base/$name"
  elif [ -d "/$name" ]; then
    mkdir "$base/$name"
    show "/$name" "$base/$name"
  fi
done

# Of /etc only what programs need to run and to trust; no accounts, no keys.
mkdir -p "$base/etc" "$base/opt/sandbox/bin" "$base/opt/sandbox/infra" "$base/opt/sandbox/node_modules/yaml"
for name in ld.so.cache ld.so.conf ld.so.conf.d alternatives services protocols ssl/certs ssl/openssl.cnf; do
  if [ -e "/etc/$name" ]; then
    mkdir -p "$(dirname "$base/etc/$name")"
    cp -RP "/etc/$name" "$base/etc/$name"
  fi
done

show "$sandbox" "$base/opt/sandbox/infra"
show "$yaml" "$base/opt/sandbox/node_modules/yaml"
ln -s infra/machines/guest/programs "$base/opt/sandbox/programs"
echo '{ "type": "module" }' >"$base/opt/sandbox/package.json"
for pair in node="$node" "$@"; do
  : >"$base/opt/sandbox/bin/${pair%%=*}"
  show "${pair#*=}" "$base/opt/sandbox/bin/${pair%%=*}"
done
mkdir "$base/machines"
mount -o remount,bind,ro "$base"

# As root the machines' root is still nobody on the host; else it is the one who started the sandbox.
become=""
[ "$user" = keep ] || become="setpriv --reuid $user --regid $user --clear-groups --"
cd "$base"
# The kernel forgets whom to die with when rights change: it is told only once the user namespace is entered.
# shellcheck disable=SC2086 # words on purpose
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_CHANNEL_FD="$NODE_CHANNEL_FD" ${NODE_CHANNEL_SERIALIZATION_MODE:+NODE_CHANNEL_SERIALIZATION_MODE=$NODE_CHANNEL_SERIALIZATION_MODE} \
  $become unshare --user --map-root-user -- setpriv --pdeathsig KILL -- \
  unshare --mount --net --pid --fork --kill-child=KILL --mount-proc -- \
  "$base/opt/sandbox/bin/node" --disable-warning=ExperimentalWarning "$base/opt/sandbox/infra/machines/guest/vpc.ts" "$base"
