-- Information models of actors as GraphML: an authority's advertisement, and what a broker was delegated, each by its id.
-- A version names one text for ever, also that of a transaction which was rolled back: so what was parsed may be kept under it.
create sequence model_version;

create table model (
    owner   text        not null,
    name    text        not null,
    version bigint      not null default nextval('model_version'),
    graph   text        not null,
    changed timestamptz not null,
    primary key (owner, name)
);

-- What the user asked for, as it was asked: the slice's graph.
create table slice_graph (
    slice uuid primary key references resource on delete cascade,
    graph text not null
);
