-- What peers asked with a request id of their own, and what they were told: told again for ten minutes.
create table asked_once (
    request  uuid        primary key,            -- as the peer named it
    question text        not null,               -- digest of who asked what: the id is good for that alone
    answer   text,                               -- sealed; none yet while it is being answered
    made     timestamptz not null
);
create index asked_once_made on asked_once (made);

-- Transactions whose buyers speak the documented dialect: a purchase may not show it.
create table documented (
    transaction text        primary key,         -- as peers know it
    made        timestamptz not null
);
create index documented_made on documented (made);
