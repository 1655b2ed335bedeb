-- What a broker sells: the names under which it offers roots (resources of type flavor), and the pieces of them that are
-- held or bought. What is claimed is booked in the calendar as well, which refuses to sell anything twice.
create table listing (
    id      text        primary key,             -- as peers know it
    root    uuid        not null,
    flavor  jsonb       not null,
    state   text        not null check (state in ('LISTED', 'RETIRED', 'WITHDRAWN', 'EXPIRED')),
    since   timestamptz not null
);
create index listing_of on listing (root, since);
create unique index listing_one on listing (root) where state = 'LISTED';
create index listing_listed on listing (id) where state = 'LISTED';

create table claim (
    transaction uuid        primary key,         -- the resource of that type
    root        uuid        not null,
    buyer       text        not null,            -- the key of the buyer
    domain      text        not null,            -- of the buyer
    state       text        not null check (state in ('held', 'bought', 'over')),
    body        jsonb       not null,
    changed     timestamptz not null
);
create index claim_of on claim (root) where state <> 'over';
create index claim_of_buyer on claim (buyer) where state = 'held';
create index claim_of_domain on claim (domain) where state <> 'over';
create index claim_over on claim (changed) where state = 'over';

-- How a buyer has behaved: who holds much and buys little gets shorter holds.
create table buyer (
    key       text   primary key,
    holds     bigint not null default 0,
    purchases bigint not null default 0
);
