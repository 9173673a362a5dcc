#!/usr/bin/env bash
# cyrus.sh FOLDER HTTP-PORT IMAP-PORT USER…: Cyrus with JMAP on the loopback, everything it writes below FOLDER, which
# holds its unpacked packages as FOLDER/root. Ends with whoever began it. The password of each user, and of admin, is "secret".
set -eu
dir=$1 http=$2 imap=$3; shift 3
root=$dir/root
export LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu:$root/usr/lib SASL_PATH=$root/usr/lib/x86_64-linux-gnu/sasl2
user=$(id -un); [ "$user" = root ] && user=nobody

mkdir -p "$dir/conf/socket" "$dir/spool" "$dir/run"
cat >"$dir/imapd.conf" <<CONF
configdirectory: $dir/conf
partition-default: $dir/spool
defaultpartition: default
servername: localhost
virtdomains: off
admins: admin
cyrus_user: $user
httpmodules: jmap
conversations: yes
search_engine: none
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_mech_list: PLAIN
sasl_sasldb_path: $dir/sasldb2
unixhierarchysep: yes
altnamespace: yes
proc_path: $dir/run/proc
mboxname_lockpath: $dir/run/lock
lmtpsocket: $dir/run/lmtp
idlesocket: $dir/run/idle
notifysocket: $dir/run/notify
CONF
cat >"$dir/cyrus.conf" <<CONF
START {
}
SERVICES {
  http cmd="$root/usr/lib/cyrus/bin/httpd -C $dir/imapd.conf" listen="127.0.0.1:$http" prefork=8 maxchild=100
  imap cmd="$root/usr/lib/cyrus/bin/imapd -C $dir/imapd.conf" listen="127.0.0.1:$imap" prefork=0
}
EVENTS {
}
CONF
for name in admin "$@"; do
  echo secret | "$root/usr/sbin/saslpasswd2" -p -c -f "$dir/sasldb2" -u localhost "$name"
done
master=("$root/usr/lib/cyrus/bin/master" -C "$dir/imapd.conf" -M "$dir/cyrus.conf" -p "$dir/run/pid" -D)
[ "$user" = nobody ] || exec setpriv --pdeathsig TERM "${master[@]}"
chmod -R a+rX "$dir"; chown -R nobody:nogroup "$dir"
exec setpriv --pdeathsig TERM --reuid nobody --regid nogroup --clear-groups "${master[@]}"
