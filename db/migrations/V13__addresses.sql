-- Addresses that administrators have set aside for reservations. Rows and not resources, like the hosts of providers.
create table floating_address (
    id       uuid        primary key,
    provider uuid        not null,
    network  text        not null,               -- what the provider calls it
    subnet   text        not null,
    address  text        not null,
    place    text        not null,               -- of the network, in the broker's book
    unit     text        not null unique,        -- in the broker's book
    created  timestamptz not null
);
create index floating_address_at on floating_address (place);
