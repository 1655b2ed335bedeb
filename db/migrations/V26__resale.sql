-- What a supernode offers again of what its peers offer: the name that it gives it, and whose it is.
create table forwarded (
    shown  text        primary key,              -- as it is listed here
    peer   uuid        not null,                 -- the resource of that type
    flavor text        not null,                 -- as that peer calls it
    body   jsonb       not null,                 -- as it was listed here last
    margin text        not null,                 -- what was added to its price
    made   timestamptz not null,                 -- when it was listed here last
    unique (peer, flavor)
);
create index forwarded_made on forwarded (made);
