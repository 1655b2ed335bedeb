"""Keeps a hosts file in step with the instances of Holdfast.

Usage: dns_handler.py FILE    (HOLDFAST_URL and HOLDFAST_TOKEN say where)
"""

import ipaddress
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
import handler  # noqa: E402

NETWORK = ipaddress.ip_network("10.42.0.0/16")
NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
MARK = "# instance "


class Hosts:
    """A hosts file. Lines of ours end in a mark with the id of their instance; others are left as they are."""

    def __init__(self, path):
        self.path = os.path.abspath(path)

    def lines(self):
        try:
            with open(self.path, encoding="utf-8") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def set(self, instance, name, address=None):
        """Returns the address: the one that it has, the one that is given, or the next that is free."""
        mine = [line for line in self.lines() if line.endswith(MARK + instance)]
        others = [line for line in self.lines() if not line.endswith(MARK + instance)]
        address = address or (mine[0].split()[0] if mine else self.free(others))
        self.write(others + [f"{address} {name} {MARK}{instance}"])
        return address

    def remove(self, instance):
        self.write([line for line in self.lines() if not line.endswith(MARK + instance)])

    @staticmethod
    def free(lines):
        taken = {line.split()[0] for line in lines if line.strip()}
        return next(str(host) for host in NETWORK.hosts() if str(host) not in taken)

    def write(self, lines):
        """In one step, and safe on the disk before the reply says so."""
        if lines == self.lines():
            return
        directory = os.path.dirname(self.path)
        descriptor, fresh = tempfile.mkstemp(dir=directory, prefix=".hosts-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(fresh, 0o644)
        os.replace(fresh, self.path)


def handle(hosts, event):
    instance = event["resourceId"]
    if event["name"].startswith("post.instance.remove;"):
        hosts.remove(instance)
        return {}
    resource = event["data"]["resource"]
    name = (resource.get("name") or "").lower()
    if not NAME.fullmatch(name):
        raise ValueError(f"'{name}' cannot be the name of a host")
    address = hosts.set(instance, name, resource.get("primaryIpAddress"))
    print(address, name, flush=True)
    return {"+data": {"dns": {"name": name, "address": address}}}


if __name__ == "__main__":
    file = Hosts(sys.argv[1])
    handler.run(
        ["post.instance.start;handler=dns", "post.instance.remove;handler=dns"], lambda event: handle(file, event)
    )
