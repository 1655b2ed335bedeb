"""Keeps servers off the hosts that Holdfast holds for somebody else.

A filter for nova-scheduler. It judges two kinds of hosts and lets all others pass:

- those in an aggregate whose zone begins with `blazar_`: held as a whole. A server gets in that names the aggregate
  with the scheduler hint `reservation`, and belongs to the project in its metadata `blazar:owner`.
- those in the aggregate `freepool`, whose time is given by reservations only.

On both gets in what has a flavor made for one reservation (extra spec `aggregate_instance_extra_specs:reservation`)
where room is held for it (aggregate metadata `reservation`); on the second also what may be taken away at any time
(extra spec `blazar:preemptible` = true), and what is made for that very host, by its name. Only administrators may name
a host. Holdfast does for all servers, since its calendar knows what there is room for.
"""

from nova.scheduler import filters

FREE_POOL = 'freepool'
ZONE_PREFIX = 'blazar_'
OWNER = 'blazar:owner'
HINT = 'reservation'
SLOT_SPEC = 'aggregate_instance_extra_specs:reservation'
PREEMPTIBLE_SPEC = 'blazar:preemptible'


class HoldfastFilter(filters.BaseHostFilter):

    # What is on a host already is not judged again when it is rebuilt there.
    RUN_ON_REBUILD = False

    def host_passes(self, host_state, spec_obj):
        aggregates = host_state.aggregates
        specs = spec_obj.flavor.extra_specs or {}
        if SLOT_SPEC in specs:
            return any(a.metadata.get('reservation') == specs[SLOT_SPEC] for a in aggregates)
        reservation = spec_obj.get_scheduler_hint(HINT)
        if reservation:
            return any(
                a.name == reservation and held(a) and a.metadata.get(OWNER) == spec_obj.project_id
                for a in aggregates)
        if any(held(a) for a in aggregates):
            return False
        if any(a.name == FREE_POOL for a in aggregates):
            return str(specs.get(PREEMPTIBLE_SPEC, '')).lower() == 'true' or named(host_state, spec_obj)
        return True


def named(host_state, spec_obj):
    wanted = spec_obj.requested_destination if 'requested_destination' in spec_obj else None
    return wanted is not None and 'node' in wanted and wanted.node == host_state.nodename


def held(aggregate):
    return (aggregate.availability_zone or '').startswith(ZONE_PREFIX)
