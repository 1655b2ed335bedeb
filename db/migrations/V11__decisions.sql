-- What the broker decided on requests, granted or refused, with all that it looked at, so that it can be decided again.
create table decision (
    seq         bigint generated always as identity primary key,
    at          timestamptz not null,
    verb        text        not null,
    who         text        not null,
    project     text        not null,
    reservation uuid,                            -- none for what needs no reservation
    allocation  uuid,
    granted     boolean     not null,
    asked       jsonb       not null,
    versions    jsonb       not null,            -- of the places, as this decision left them
    answer      jsonb       not null,
    given       bytea                            -- what it looked at, as compressed JSON; none: too large, or another rule refused it
);
create index decision_of_reservation on decision (reservation, seq);
create index decision_of_project on decision (project, seq);
create index decision_at on decision (at, seq);
