-- What was made at accounts beside instances: who made it, in which pool; and short names for what the provider calls
-- otherwise than ids may be. See ThingStore.
create table account_thing (
    account uuid not null,
    kind text not null,
    key text not null,
    surrogate text,
    pool uuid,
    owner text,
    at timestamptz not null,
    primary key (account, kind, key)
);
create index account_thing_surrogate on account_thing (account, surrogate) where surrogate is not null;
create index account_thing_at on account_thing (at);

-- Instances by what their providers call them, and by their image.
create index instance_keyed on resource ((data -> 'sight' ->> 'key'))
    where type = 'cloudInstance' and removed is null;
create index instance_booted on resource ((data -> 'order' ->> 'image'))
    where type = 'cloudInstance' and removed is null;
