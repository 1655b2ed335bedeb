-- How many instances there are, by who is counted: pool families, pools, accounts, users; see Quotas.
create table quota_count (
    owner uuid primary key,
    kind smallint not null,
    reserved integer not null default 0 check (reserved >= 0),
    running integer not null default 0 check (running >= 0),
    stopped integer not null default 0 check (stopped >= 0)
);

-- What each instance counts as: 0 reserved, 1 running, 2 stopped; nothing for one that no longer counts.
create table quota_use (
    holder uuid not null,
    owner uuid not null references quota_count (owner),
    phase smallint not null check (phase between 0 and 2),
    primary key (holder, owner)
);

-- The attempts to make an instance somewhere, each under a sliver of its own; see Attempts.
create table instance_attempt (
    sliver uuid primary key,
    instance uuid not null,
    round integer not null,
    account uuid not null,
    match jsonb not null,
    error text,
    at timestamptz not null,
    unique (instance, round)
);
create index instance_attempt_at on instance_attempt (at);

-- What was asked of instances; see InstanceTasks.
create table instance_task (
    id uuid primary key,
    instance uuid not null,
    pool uuid not null,
    action text not null,
    state text not null,
    who text not null,
    revision bigint not null,
    created timestamptz not null,
    started timestamptz,
    ended timestamptz,
    message text
);
create unique index instance_task_open on instance_task (instance) where state in ('queued', 'running');
create index instance_task_of on instance_task (instance, created desc);
create index instance_task_pool on instance_task (pool, created desc);
create index instance_task_created on instance_task (created);

-- Words by which clients tell that they ask for the same once more; see LaunchTokens.
create table launch_token (
    pool uuid not null,
    who text not null,
    token text not null,
    digest text not null,
    instance uuid not null,
    at timestamptz not null,
    primary key (pool, who, token)
);
create index launch_token_at on launch_token (at);

-- The instances of a pool, in the order of their creation, and their names, which are unique there.
create index instance_of_pool on resource (((data ->> 'pool')::uuid), created, id)
    where type = 'cloudInstance' and removed is null;
create unique index instance_named on resource (((data ->> 'pool')::uuid), name)
    where type = 'cloudInstance' and removed is null;

-- When launches failed at accounts; see Failures.
create table account_failure (
    account uuid not null,
    at timestamptz not null,
    instance uuid not null,
    why text not null
);
create index account_failure_of on account_failure (account, at);
create index account_failure_at on account_failure (at);
