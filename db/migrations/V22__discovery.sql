-- What peers offer, as this domain has heard of it. Hints, not promises: only a reservation shows what is there.
create table candidate (
    peer    uuid        not null,                -- the resource of that type
    flavor  text        not null,                -- as that peer calls it
    kind    text        not null,                -- type of flavor, such as k8slice
    body    jsonb       not null,
    state   text        not null check (state in ('fresh', 'stale', 'held', 'bought', 'gone')),
    as_of   timestamptz not null,                -- when it was heard of
    changed timestamptz not null,                -- when its state changed
    primary key (peer, flavor)
);
create index candidate_offered on candidate (kind) where state in ('fresh', 'stale');
create index candidate_over on candidate (changed) where state in ('bought', 'gone');

create unique index peer_address_once on resource ((data ->> 'address')) where type = 'peer' and removed is null;
