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
create index reservation_item_movable on reservation_item (lower(during)) where live and movable;
