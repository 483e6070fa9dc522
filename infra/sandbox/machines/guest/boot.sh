#!/bin/bash
# What runs at boot: the services that are enabled, and once in an instance's life, as cloud-init does it, the user data.
set -u
up() { cut -d' ' -f1 /proc/uptime; }
began=$(up)
since() { awk -v now="$(up)" -v began="$began" 'BEGIN { printf "%.2f", now - began }'; }

echo "Ubuntu 22.04.5 LTS $(hostname) ttyS0"
for unit in /etc/systemd/system/multi-user.target.wants/*.service; do
  [ -e "$unit" ] && systemctl start "$(basename "$unit" .service)"
done

cloud=/var/lib/cloud/instance
script=$cloud/scripts/part-001
[ -e $cloud/boot-finished ] && exit 0
echo "Cloud-init v. 24.4-0ubuntu1~22.04.1 running 'modules:final' at $(date -uR). Up $(since) seconds."
ended=0
if [ -s $cloud/user-data.txt ]; then
  if [ "$(head -c 2 $cloud/user-data.txt)" = "#!" ]; then
    mkdir -p $cloud/scripts
    install -m 700 $cloud/user-data.txt $script
    BASH_ENV=/opt/sandbox/infra/machines/guest/name-the-line.sh $script 2>&1 | tee -a /var/log/cloud-init-output.log
    ended=${PIPESTATUS[0]}
  else
    echo "__init__.py[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata: '$(head -c 24 $cloud/user-data.txt | head -1)...'"
  fi
fi
if [ "$ended" != 0 ]; then
  echo "cc_scripts_user.py[WARNING]: Failed to run module scripts_user (scripts in $cloud/scripts)"
  echo "util.py[WARNING]: Running module scripts_user failed: Runparts: 1 failures (part-001) in 1 attempted commands; exit status $ended"
fi
touch $cloud/boot-finished
echo "Cloud-init v. 24.4-0ubuntu1~22.04.1 finished at $(date -uR). Datasource DataSourceEc2Local.  Up $(since) seconds"
echo "$(hostname) login: "
