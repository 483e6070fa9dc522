#!/bin/sh
# The first process of a machine: puts its file system together, waits for its network, and runs what an Ubuntu image runs at boot.
set -eu
root=$1 base=$2 address=$3 prefix=$4 gateway=$5
mount --make-rprivate /

cd "$root"
mkdir -p proc sys dev/shm dev/pts tmp run var/log var/tmp var/lib root home opt srv mnt
for entry in "$base"/*; do
  name=$(basename "$entry")
  if [ -L "$entry" ]; then
    [ -L "$name" ] || cp -P "$entry" "$name"
  elif [ "$name" != machines ] && [ "$name" != etc ]; then
    mkdir -p "$name"
    mount --rbind "$entry" "$name"
  fi
done
# What the machine installs goes here; what this host has installed there is not its own.
mkdir -p .local/bin .local/sbin .local/etc .local/share
mount --bind .local usr/local
mount -t tmpfs -o mode=755 run run
mount -t tmpfs -o mode=1777 shm dev/shm
mount -t proc proc proc
for device in null zero full random urandom tty; do
  : >>"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
for link in fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do
  [ -e "dev/${link%%:*}" ] || ln -s "/proc/self/${link#*:}" "dev/${link%%:*}"
done
mkdir -p .host
pivot_root . .host
umount -l /.host
cd /
chmod 1777 /tmp /var/tmp

hostname "$(cat /etc/hostname)"
echo standing >&3
read -r _
exec 3>&- </dev/null
ip link set lo up
ip address add "$address/$prefix" dev eth0
ip link set eth0 up
ip route add default via "$gateway"

export PATH=/opt/sandbox/programs:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
/opt/sandbox/infra/machines/guest/boot.sh || true
while :; do
  # Orphans are reaped while it waits.
  sleep 86400 &
  wait $! || true
done
