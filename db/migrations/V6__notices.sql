-- What users hear of, and how far it was brought to each who wants to hear it.

create table notice (
    seq         bigint      generated always as identity primary key,
    position    bigint      unique,                    -- the number that readers go by: without gaps, given after the commit
    id          uuid        not null unique,
    type        text        not null,                  -- what happened: reservation.started
    at          timestamptz not null,
    kind        text        not null,                  -- of the object
    object      uuid        not null,
    version     bigint      not null,                  -- of the object, after it happened
    project     text        not null,                  -- whose it is; empty for everybody
    reservation uuid,
    zone        text,
    data        jsonb       not null
);
create index notice_unnumbered     on notice (seq) where position is null;
create index notice_of             on notice (object, position);
create index notice_of_reservation on notice (reservation, position) where reservation is not null;
create index notice_of_project     on notice (project, position);

-- The last position that was given. Its row is also the lock of who gives the next. No row before the first.
create table notice_number (
    one  boolean primary key default true check (one),
    last bigint  not null
);

-- How far notices were brought to a subscription, and what is known of its receiver.
create table delivery (
    subscription  uuid primary key references resource on delete cascade,
    after         bigint      not null,                -- up to here it has got what is for it
    attempt       int         not null default 0,      -- failures since the last success
    failing_since timestamptz,
    problem       text,                                -- what the last failure was
    due           timestamptz,                         -- when to look again; none while it rests
    secret        text,                                -- sealed; signs what is sent
    claim         uuid,                                -- of the round that delivers now
    claim_until   timestamptz
);
create index delivery_due on delivery (due) where due is not null;

-- Whether what a subscription watches is beyond its threshold, for each place.
create table threshold_state (
    subscription uuid    not null references resource on delete cascade,
    place        text    not null,
    over         boolean not null,
    value        bigint  not null,
    primary key (subscription, place)
);
