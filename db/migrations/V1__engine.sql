-- Everything is a resource; everything that happens is a process.

create table resource (
    id       uuid primary key,
    type     text        not null,
    actor    text        not null,               -- whose record it is: the name of an actor of this domain
    parent   uuid,                               -- what it is part of: the slice of a sliver, of a lease
    name     text        not null,
    state    text        not null,
    project  text        not null,
    labels   jsonb       not null default '{}',
    version  bigint      not null default 1,
    data     jsonb       not null,
    message  text,                               -- why it is in this state, for people
    created  timestamptz not null,
    updated  timestamptz not null,
    removed  timestamptz
);
create index resource_by_type   on resource (type, created, id) where removed is null;
create index resource_by_parent on resource (parent, type) where parent is not null;
create unique index slice_name_once on resource (project, name) where type = 'slice' and removed is null;

create table process (
    id            uuid primary key,
    name          text        not null,
    resource      uuid        not null references resource,
    resource_type text        not null,
    actor         text        not null,                -- whose resource it is: only servers that serve this actor run it
    arguments     jsonb       not null default '{}',
    step          int         not null default 0,      -- index of the step to run next
    undoing       boolean     not null default false,
    attempt       int         not null default 0,      -- failed or waiting runs of the present step
    step_since    timestamptz not null,                -- when the present step was first due
    run_after     timestamptz not null,                -- due from then on; while claimed: when the claim lapses
    runner        uuid,                                -- who runs it now
    claim         bigint      not null default 0,      -- counts claims: a result under an older claim is void
    entered       boolean     not null,                -- whether the resource was put into the transitioning state
    waiting_for   text,
    refusal       jsonb,                               -- why it is being undone, or why it failed
    result        text check (result in ('done', 'failed', 'cancelled')),
    created       timestamptz not null,
    ended         timestamptz
);
create index process_due         on process (run_after) where result is null and runner is null;
create index process_claimed     on process (run_after) where result is null and runner is not null;
create index process_by_resource on process (resource, created);
create index process_open        on process (resource) where result is null;
create index process_recent      on process (created, id);
-- at most one process runs on a resource at a time, whoever the runners are
create unique index process_one_running on process (resource) where runner is not null;

create table process_log (
    process  uuid        not null references process on delete cascade,
    seq      bigint      generated always as identity,
    at       timestamptz not null,
    step     text        not null,
    outcome  text        not null,                     -- done, later, failed, retry, undone, cancelled
    detail   text,
    primary key (process, seq)
);

create table journal (
    seq        bigint      generated always as identity primary key,
    at         timestamptz not null,
    resource   uuid        not null,
    type       text        not null,
    name       text        not null,
    project    text        not null,
    actor      text        not null,
    from_state text,
    to_state   text        not null,
    who        text        not null,                   -- a user, an actor or a process
    why        text        not null
);
create index journal_by_resource on journal (resource, seq);

-- What actors have to say to each other: written with the change that causes it, deleted when it had its effect.
create table outbox (
    seq       bigint      generated always as identity primary key,
    id        uuid        not null unique,
    sender    text        not null,
    receiver  text        not null,
    subject   uuid        not null,                    -- what it is about; order is kept among messages of one subject
    kind      text        not null,
    body      jsonb       not null,
    attempt   int         not null default 0,
    run_after timestamptz not null,
    problem   text,                                    -- why the last attempt failed
    created   timestamptz not null
);
create index outbox_by_receiver on outbox (receiver, seq);
create index outbox_by_subject  on outbox (receiver, subject, seq);

-- What has been taken in from elsewhere, so that a message told twice has its effect once.
create table inbox (
    id       uuid primary key,
    receiver text        not null,
    received timestamptz not null
);
create index inbox_by_age on inbox (received);
