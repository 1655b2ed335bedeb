-- The bookings of a place in a time are found by a number in place of two texts: an index of ranges and texts is deep, and half of the time
-- of a booking was spent in it. Different places may have the same number, so book and place are still compared.
create function place_hash(p_book text, p_place text) returns bigint language sql immutable parallel safe as $$
    select hashtextextended(p_book || '/' || p_place, 0)
$$;

drop index booking_by_time;
create index booking_by_time on booking using gist (place_hash(book, place), during);
create index booking_by_place on booking (book, place); -- for those who look at all times, such as the foreign key

-- As in V2, by the number.
create or replace function calendar_steps_of(p_books text[], p_places text[], p_whens tstzrange[], p_dimensions text[])
    returns table (nth int, place text, dimension text, since timestamptz, until timestamptz, total bigint, used bigint)
    language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
begin
    return query
    with wanted as (
        select w.nth::int, w.book, w.id, place_hash(w.book, w.id) as hash, w.during, lower(w.during) as since, upper(w.during) as until
          from unnest(p_books, p_places, p_whens) with ordinality as w (book, id, during, nth)
    ), event as (
        select wanted.nth, capacity.dimension, moment.at, moment.amount as total, 0::bigint as used
          from wanted,
               lateral (select c.dimension, c.since, c.amount - lag(c.amount, 1, 0::bigint) over (partition by c.dimension order by c.since) as amount
                          from place_capacity c where c.book = wanted.book and c.place = wanted.id and c.since < wanted.until
                         union all
                        select c.dimension, c.since, c.amount
                          from place_change c where c.book = wanted.book and c.place = wanted.id and c.since < wanted.until) as capacity,
               -- what comes later starts as nothing at the window's start
               lateral (select greatest(capacity.since, wanted.since) as at, capacity.amount
                         union all
                        select wanted.since, 0::bigint where capacity.since > wanted.since) as moment
         union all
        select wanted.nth, taken.dimension, moment.at, 0::bigint, moment.sign * taken.amount
          from wanted,
               lateral (select b.during, b.dimensions, b.amounts
                          from booking b
                         where place_hash(b.book, b.place) = wanted.hash and b.book = wanted.book and b.place = wanted.id
                           and b.during && wanted.during and b.firm
                        offset 0) as b,
               lateral unnest(b.dimensions, b.amounts) as taken (dimension, amount),
               lateral (values (greatest(lower(b.during), wanted.since), 1), (upper(b.during), -1)) as moment (at, sign)
         where moment.at < wanted.until
    ), instant as (
        select e.nth, e.dimension, e.at, sum(e.total)::bigint as total, sum(e.used)::bigint as used
          from event e
         where p_dimensions is null or e.dimension = any (p_dimensions)
         group by e.nth, e.dimension, e.at
    )
    select i.nth, wanted.id, i.dimension, i.at, lead(i.at, 1, wanted.until) over so_far,
           greatest(sum(i.total) over so_far, 0)::bigint, (sum(i.used) over so_far)::bigint
      from instant i join wanted on wanted.nth = i.nth
    window so_far as (partition by i.nth, i.dimension order by i.at);
end $$;

create or replace function calendar_lent(p_book text, p_places text[], p_at timestamptz) returns table (place text, dimension text, lent bigint)
    language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
begin
    return query
    select wanted.id, taken.dimension, sum(taken.amount)::bigint
      from unnest(p_places) as wanted (id),
           lateral (select b.dimensions, b.amounts from booking b
                     where place_hash(b.book, b.place) = place_hash(p_book, wanted.id) and b.book = p_book and b.place = wanted.id
                       and b.during @> p_at and not b.firm offset 0) b,
           lateral unnest(b.dimensions, b.amounts) as taken (dimension, amount)
     group by 1, 2;
end $$;

-- Which units of a place are held in a time is seen without its bookings, of which most places have many and units few.
alter table booking_unit add column place text;

create or replace function booking_unit_follows() returns trigger language plpgsql as $$
declare
    is_firm boolean;
begin
    select b.book, b.place, b.during, b.firm into new.book, new.place, new.during, is_firm from booking b where b.id = new.booking for no key update;
    if not is_firm then
        perform booking_unit_lent(new.booking, new.unit);
    end if;
    return new;
end $$;

update booking_unit set place = null; -- the trigger writes what is true
alter table booking_unit alter column place set not null;
create index booking_unit_by_time on booking_unit using gist (place_hash(book, place), during);

-- The place of a booking is not changed by the calendar; whoever does so past it takes the units along.
create function booking_unit_moves() returns trigger language plpgsql as $$
begin
    update booking_unit set place = new.place where booking = new.id;
    return null;
end $$;

create trigger booking_unit_moves after update of place on booking
    for each row when (old.place <> new.place) execute function booking_unit_moves();
