-- Information models of actors as GraphML: an authority's advertisement, and what a broker was delegated, each by its id.
create table model (
    owner   text        not null,
    name    text        not null,
    version bigint      not null,
    graph   text        not null,
    changed timestamptz not null,
    primary key (owner, name)
);

-- What the user asked for, as it was asked: the slice's graph.
create table slice_graph (
    slice uuid primary key references resource,
    graph text not null
);
