-- How peers have behaved, by type of flavor and by what they were asked for. Counts are of all times; what they are
-- rated by fades.
create table conduct (
    peer  uuid             not null references resource on delete cascade,
    kind  text             not null,             -- type of flavor, such as k8slice
    deed  text             not null check (deed in ('list', 'reserve', 'purchase', 'peering', 'term')),
    tries bigint           not null,
    kept  bigint           not null,
    good  double precision not null,             -- how much of what was seen was good, as of then
    seen  double precision not null,             -- how much was seen
    as_of timestamptz      not null,
    primary key (peer, kind, deed)
);

-- Which seller is asked to do something now. Those that break when they are asked for two things at once are asked for
-- one (fluidos.md 5.10, U10), whichever replica asks.
create table seller_busy (
    peer    uuid primary key references resource on delete cascade,
    process uuid        not null,               -- which asks
    until   timestamptz not null                -- by then it is over, or was lost
);
