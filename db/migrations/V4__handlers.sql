-- What is declared while the servers run, and how processes talk with handlers outside.

-- Types of resources that somebody posted.
create table declared_type (
    name    text primary key,
    body    jsonb       not null,
    who     text        not null,
    created timestamptz not null
);

-- Counts changes of types and handlers, so that every server notices with its next claim. No row before the first.
create table registry (
    one     boolean primary key default true check (one),
    version bigint not null
);

-- One call of a handler outside by a process: sent up to `sends` times, answered once.
create table handler_call (
    id        uuid primary key,
    seq       bigint      generated always as identity unique,
    process   uuid        not null references process on delete cascade,
    step      text        not null,                    -- which step of the process asks
    handler   uuid        not null,                    -- the resource of type externalHandler
    name      text        not null,                    -- the event's: instance.start;handler=dns
    reply_to  text        not null unique,
    project   text        not null,
    body      jsonb       not null,                    -- the event as it is sent
    created   timestamptz not null,
    deadline  timestamptz not null,                    -- of the present send; progress moves it
    sends     int         not null default 1,
    sent      timestamptz not null,                    -- when it was last put up for delivery
    taken_by  text,                                    -- which subscriber of a queue has it
    state     text        not null check (state in ('open', 'answered', 'failed', 'silent', 'void')),
    reply     jsonb
);
create index handler_call_open   on handler_call (name, sent) where state = 'open';
create index handler_call_of     on handler_call (process, step);

-- What handlers said and what became of it.
create table handler_reply (
    seq     bigint      generated always as identity primary key,
    call    uuid        not null references handler_call on delete cascade,
    at      timestamptz not null,
    who     text        not null,
    verdict text        not null,                      -- taken, progress, late, twice, wrong, not yours
    body    jsonb       not null
);
create index handler_reply_of on handler_reply (call, seq);
