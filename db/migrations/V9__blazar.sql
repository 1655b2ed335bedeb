-- What users of Blazar's interface said of their leases, which is shown to them as they said it.
create table blazar_lease (
    id   uuid    primary key references resource on delete cascade,
    said jsonb   not null,
    gone boolean not null default false          -- deleted when it was over already: it is a record that nobody sees
);
