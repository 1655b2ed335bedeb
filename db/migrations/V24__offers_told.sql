-- What peers tell us of what they offer: under which subscription, and how far we have heard it. One row for each peer
-- that is listened to.
create table followed (
    peer         uuid        primary key references resource on delete cascade,
    subscription text        not null,                  -- as the peer calls it
    last_event   bigint      not null,                  -- up to here all was heard
    renewed      timestamptz not null,                  -- when it was agreed on last
    listed       boolean     not null                   -- whether all was asked for since something may have been missed
);
