-- Those who publish offers here.
create table publisher (
    node       text        primary key,          -- its id in its domain: those who publish differ in it
    peer       uuid        not null,             -- the resource of that type
    identity   jsonb       not null,             -- as others reach it
    key        text,                             -- fingerprint of the key by which it signs; none if it signs nothing
    visibility text[]      not null,             -- domains that may hear of what says nothing else; none: all
    honesty    jsonb       not null,             -- how often what it publishes was not there
    rating     jsonb       not null,
    flagged    text,                             -- why nothing counts that is signed with its key
    registered timestamptz not null
);

-- What they offer, as they said it last.
create table published (
    flavor    text        primary key,
    publisher text        not null references publisher (node) on delete cascade,
    kind      text        not null,              -- type of flavor, such as k8slice
    body      jsonb       not null,
    expires   timestamptz not null,              -- until when it may be taken at its word
    doubted   timestamptz,                       -- since when somebody says that it is not there
    withdrawn boolean     not null               -- remembered for as long as an old word of it may come again
);
create index published_of on published (publisher, flavor);
create index published_kind on published (kind, expires);
create index published_expires on published (expires);

-- What of ours is published, and where.
create table publication (
    catalog  uuid        not null,               -- the resource of type peer
    flavor   text        not null,
    body     jsonb       not null,
    epoch    bigint      not null,               -- when it was published for the first time, in milliseconds
    sequence bigint      not null,
    told     timestamptz,                        -- when the catalog has heard of it last; none if it has not yet
    primary key (catalog, flavor)
);

-- Which offers of peers were found in which catalog.
create table referral (
    peer    uuid        not null,                -- whose offer it is: the resource of type peer
    flavor  text        not null,
    catalog uuid        not null,                -- the resource of type peer
    heard   timestamptz not null,
    primary key (peer, flavor)
);
create index referral_of on referral (catalog, heard);
create index referral_heard on referral (heard);
