-- Where volumes are attached, as it was seen last: see Mounts.
alter table account_thing add column instance uuid;
alter table account_thing add column device text;
create index account_thing_attached on account_thing (instance) where instance is not null;

-- Instances are parts of their pools. A condition on the content of a row makes the database read the row, be it in an
-- index or not; what is in columns it counts in an index alone.
update resource set parent = (data ->> 'pool')::uuid where type = 'cloudInstance' and parent is null;
drop index instance_of_pool;
create index instance_of_pool on resource (parent, created, id) where type = 'cloudInstance' and removed is null;
create index instance_in_state on resource (parent, state, created, id) where type = 'cloudInstance' and removed is null;
-- by characters, as whoever sorts texts does
drop index instance_named;
create unique index instance_named on resource (parent, name collate "C") include (id)
    where type = 'cloudInstance' and removed is null;

-- How much an instance has of a measure, in whole ones of `unit`: what it was made with, else what its profile says.
create function instance_size(data jsonb, measure text, unit int) returns numeric language sql immutable parallel safe as $$
    select trunc(unit * coalesce(
        (data #>> array['attempt', 'match', 'sizes', measure])::numeric,
        (data #>> array['order', 'profile', measure, 'value'])::numeric,
        (data #>> array['order', 'profile', measure, 'usual'])::numeric,
        (data #>> array['order', 'profile', measure, 'first'])::numeric,
        (data #>> array['order', 'profile', measure, 'entries', '0'])::numeric))
$$;
create index instance_by_cpu on resource (parent, instance_size(data, 'cpu', 1), created, id)
    where type = 'cloudInstance' and removed is null;
create index instance_by_memory on resource (parent, instance_size(data, 'memory', 1024), created, id)
    where type = 'cloudInstance' and removed is null;
