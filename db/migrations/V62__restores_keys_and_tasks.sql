-- When this database was filled from a backup, for the last time: what was asked for up to then may have been done since
-- the backup was made. See Epoch. (One row, or none.)
create table restored (
    one boolean primary key default true check (one),
    at timestamptz not null
);

-- The public half of a key that a user has brought along, which other accounts can take, too. See ThingStore.
alter table account_thing add column public_key text;

-- What was asked of a deployment as a whole: its id is in the place of an instance's. See DeploymentTasks.
alter table instance_task add column whole boolean not null default false;
