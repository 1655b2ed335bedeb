-- The items of reservations, by the id that holds their bookings.
create table reservation_item (
    id          uuid primary key,
    reservation uuid      not null references resource on delete cascade,
    project     text      not null,
    during      tstzrange not null,
    live        boolean   not null,              -- its reservation is not over
    movable     boolean   not null               -- may go to other hosts until it starts
);
create index reservation_item_of on reservation_item (reservation);
create index reservation_item_by_project on reservation_item (project) where live;
create index reservation_item_movable on reservation_item (lower(during)) where live and movable;

-- Reservations that have lost some of what they were promised.
create index reservation_at_risk on resource (number) where type = 'reservation' and removed is null and data ->> 'atRisk' = 'true';

-- What was made because of requests that may be repeated.
create table asked_before (
    project  text        not null,
    key      text        not null,
    hash     bytea       not null,               -- of what was asked for
    resource uuid,                               -- what was made; none while it is made
    created  timestamptz not null,
    primary key (project, key)
);
create index asked_before_created on asked_before (created);
