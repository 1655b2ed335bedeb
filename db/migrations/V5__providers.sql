-- What runs at a provider of cloud resources: looked for each time that the provider is looked at.
create index lease_of_provider on resource ((data -> 'order' ->> 'provider')) where type = 'lease' and removed is null;

-- What can be held as a whole at a provider: hosts that were discovered. Rows and not resources: there are thousands,
-- and they live and die with what is seen of the provider.
create table unit (
    number     bigint generated always as identity primary key,  -- the id of a host in Blazar's interface: decimal
    provider   uuid        not null,
    kind       text        not null check (kind = 'host'),
    name       text        not null,
    zone       text        not null,
    place      text        not null,             -- in the broker's book
    outside    text        not null,             -- what the provider calls it
    total      jsonb       not null,             -- amounts by dimension
    properties jsonb       not null,             -- as seen; queries may ask for them
    extra      jsonb       not null default '{}',-- as administrators have added them
    registered boolean     not null,             -- may be reserved as a whole; discovery says so, until an administrator says no
    enlisted   boolean     not null default false,-- an administrator has said so, too
    up         boolean     not null,
    created    timestamptz not null,
    updated    timestamptz,
    unique (provider, kind, name)
);
create index unit_at on unit (place);

-- What administrators have said of the properties that they gave to hosts.
create table unit_property (
    name    text        primary key,
    private boolean     not null,                -- users do not see it; their queries may ask for it
    created timestamptz not null,
    updated timestamptz
);
