#!/bin/busybox sh
# First and only process of the tiny guest. It proves from inside a machine what is attached to it: the host writes a command and a
# tag on the serial line, each line of the answer starts with both, and `end <tag>` closes it, so that nothing else that happens to be
# printed is taken for an answer. Commands: pci, blk, net, dial (host and port), ping, off. Port 80 says over the network which machine it is.
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>/dev/null
stty -echo
echo 1 >/proc/sys/kernel/printk
for module in /modules/*; do insmod "$module"; done
ip link set lo up
for card in /sys/bus/pci/devices/0000:00:11.0/virtio*/net/*; do
  ip address add 10.0.2.15/24 dev "${card##*/}"
  ip link set "${card##*/}" up
done
mkdir /www
echo "holdfast-guest $HOLDFAST_NAME: kernel $(uname -r)" >/www/index.html
httpd -h /www

kind() {
  case "$1" in
    0x0100*|0x0101*|0x0180*) echo 'Storage controller' ;;
    0x0106*) echo 'SATA controller' ;;
    0x0108*) echo 'Non-Volatile memory controller' ;;
    0x0200*) echo 'Ethernet controller' ;;
    0x03*) echo 'Display controller' ;;
    0x0600*) echo 'Host bridge' ;;
    0x0601*) echo 'ISA bridge' ;;
    0x0604*) echo 'PCI bridge' ;;
    0x0c05*) echo 'SMBus' ;;
    0x12*) echo 'Processing accelerator' ;;
    *) echo 'Device' ;;
  esac
}

pci() {
  for d in /sys/bus/pci/devices/*; do
    read -r class <"$d/class" && read -r vendor <"$d/vendor" && read -r device <"$d/device" || continue
    driver=-
    [ -e "$d/driver" ] && driver=$(readlink "$d/driver") && driver=${driver##*/}
    code=${class#0x}
    echo "pci $1 ${d##*/} ${vendor#0x}:${device#0x} ${code%??} $driver $(kind "$class")"
  done
}

blk() { for d in /sys/block/*; do [ -e "$d/device" ] && read -r n <"$d/size" && echo "blk $1 ${d##*/} $n"; done; }

net() { for d in /sys/class/net/*; do read -r a <"$d/address" && echo "net $1 ${d##*/} $a"; done; }

dial() { nc -w 2 "$2" "$3" </dev/null >/dev/null && echo "dial $1 open" || echo "dial $1 closed"; }

echo "holdfast-guest ready $(uname -r)"
while true; do
  read -r command tag host port || { sleep 1; continue; }
  case "$command" in
    pci|blk|net|dial) "$command" "$tag" "$host" "$port"; echo "end $tag" ;;
    ping) echo "pong $tag"; echo "end $tag" ;;
    off) echo "end $tag"; sync; poweroff -f ;;
  esac
done
