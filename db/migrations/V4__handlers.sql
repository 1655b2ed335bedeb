-- What is declared while the servers run, and how processes talk with handlers outside.

-- Types of resources that somebody posted.
create table declared_type (
    name    text primary key,
    body    jsonb       not null,
    who     text        not null,
    created timestamptz not null
);

-- Counts changes of types, handlers and settings, so that every server notices with its next claim. No row before the first.
create table registry (
    one     boolean primary key default true check (one),
    version bigint not null
);

create function count_registry() returns trigger language plpgsql as $$
begin
    insert into registry (version) values (1) on conflict (one) do update set version = registry.version + 1;
    return null;
end $$;
create trigger registry_made after insert on resource
    for each row when (new.type in ('externalHandler', 'externalHandlerProcess', 'externalHandlerExternalHandlerProcessMap', 'setting')) execute function count_registry();
create trigger registry_changed after update on resource
    for each row when (old.type in ('externalHandler', 'externalHandlerProcess', 'externalHandlerExternalHandlerProcessMap', 'setting')) execute function count_registry();

-- One call of a handler outside by a process: sent up to `sends` times, answered once.
create table handler_call (
    id        uuid primary key,
    seq       bigint      generated always as identity unique,
    tx        xid8        not null default pg_current_xact_id(),  -- which transaction put it up for delivery last
    offers    int         not null default 1,          -- how often it was put up for delivery
    process   uuid        not null references process on delete cascade,
    resource  uuid        not null,                    -- what the process happens to
    step      text        not null,                    -- which step of the process asks
    handler   uuid        not null,                    -- the resource of type externalHandler
    name      text        not null,                    -- the event's: instance.start;handler=dns
    queue     text,                                    -- whose subscribers share it, if the handler says so
    reply_to  text        not null unique,
    project   text        not null,                    -- the handler's
    on_error  text,                                    -- the process that follows an error
    body      jsonb       not null,                    -- the event as it is sent
    created   timestamptz not null,
    deadline  timestamptz not null,                    -- of the present send; progress moves it
    give_up   timestamptz not null,                    -- beyond that nothing moves it
    patience  bigint      not null,                    -- how long to wait after each sign of life, in milliseconds
    sends     int         not null default 1,
    state     text        not null check (state in ('open', 'answered', 'aside', 'merged', 'failed', 'silent', 'void')),
    stops     boolean     not null default false,      -- its answer leaves nothing to do for other handlers
    reply     jsonb
);
create index handler_call_open on handler_call (tx, seq) where state = 'open';
create index handler_call_of   on handler_call (process, step, seq);

-- Which subscriber of a queue has a call; one of each queue.
create table handler_taken (
    call   uuid not null references handler_call on delete cascade,
    queue  text not null,
    taker  uuid not null,                              -- the subscriber
    server uuid not null,                              -- where it is connected
    primary key (call, queue)
);
create index handler_taken_by on handler_taken (taker);

-- What handlers said and what became of it.
create table handler_reply (
    seq     bigint      generated always as identity primary key,
    call    uuid        not null references handler_call on delete cascade,
    at      timestamptz not null,
    who     text        not null,
    verdict text        not null,                      -- taken, progress, late, twice, wrong or not yours
    body    jsonb       not null
);
create index handler_reply_of on handler_reply (call, seq);
