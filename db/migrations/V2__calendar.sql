-- What is held when. Several books (the broker's, the authority's) live side by side and never see each other.
-- Time is half-open everywhere: [from, until). No bound is ever null; 'infinity' stands for an open end.

create table place (
    book    text   not null,
    id      text   not null,
    version bigint not null default 0,           -- counts changes of its totals and bookings; whoever changes them holds this row's lock
    owner   uuid,                                -- who answers from memory, and is told in place_news of what others change; null = nobody
    epoch   bigint not null default 0,           -- counts owners: one who does not know that there is another now knows an old epoch
    followed bigint not null default 0,          -- the version up to which the owner has read its news
    primary key (book, id)
);

-- Firm bookings that came (sign 1) and went (-1) at places with an owner, and with which version, for the owner alone. What the owner
-- writes itself is not in here.
create table place_news (
    id         bigint    generated always as identity primary key,
    book       text      not null,
    place      text      not null,
    version    bigint    not null,
    sign       int       not null,
    during     tstzrange not null,
    dimensions text[]    not null,
    amounts    bigint[]  not null,
    foreign key (book, place) references place on delete cascade
);
create index place_news_of on place_news (book, place, version);

-- What a place has: from `since` on, until the next row of the same dimension.
create table place_capacity (
    book      text        not null,
    place     text        not null,
    dimension text        not null,
    since     timestamptz not null,
    amount    bigint      not null check (amount between 0 and 1000000000000000),
    primary key (book, place, dimension, since),
    foreign key (book, place) references place on delete cascade
);

-- What is added to that (growth) or taken from it (maintenance, failure): from `since` on, summed over all earlier rows.
create table place_change (
    book      text        not null,
    place     text        not null,
    dimension text        not null,
    since     timestamptz not null,
    amount    bigint      not null check (amount between -1000000000000000 and 1000000000000000),
    primary key (book, place, dimension, since),
    foreign key (book, place) references place on delete cascade
);

-- Why there is more or less of a place for a time. Each one is summed up in `place_change` from when it is written until it is removed.
create table capacity_entry (
    id         uuid        primary key,
    book       text        not null,
    place      text        not null,
    during     tstzrange   not null,
    dimensions text[]      not null,
    amounts    bigint[]    not null,             -- more if positive, less if negative
    origin     text        not null check (origin in ('declared', 'detected', 'planned', 'overrun')),
    source     text        not null,             -- who says so
    project    text        not null,             -- whose it is
    forced     boolean     not null,             -- whether somebody was hurt knowingly
    created    timestamptz not null,
    removed    timestamptz,                      -- from then on it does not count
    foreign key (book, place) references place on delete cascade,
    check (not isempty(during) and cardinality(dimensions) = cardinality(amounts))
);
create index capacity_entry_of on capacity_entry (book, place, created);
create index capacity_entry_of_source on capacity_entry (source, book) where removed is null;
create index capacity_entry_over on capacity_entry (least(removed, upper(during)));

-- What is taken of a place and when. Firm: for all of its time, whatever comes. Not firm: lent, which is looked at at its first instant
-- only; what is firm does not see it, and whoever lends takes back in time.
create table booking (
    id         bigint    generated always as identity primary key,
    book       text      not null,
    holder     uuid      not null,
    kind       text      not null default 'ticket'
               check (kind in ('ticket', 'reservation', 'allocation', 'hold', 'maintenance', 'overrun')),
    firm       boolean   not null default true,
    place      text      not null,
    during     tstzrange not null,
    dimensions text[]    not null,               -- what it takes of the place, for all of its time: amounts[i] of dimensions[i]
    amounts    bigint[]  not null,
    foreign key (book, place) references place,
    constraint booking_during_half_open check (
        not isempty(during) and lower_inc(during) and not upper_inc(during) and lower(during) is not null and upper(during) is not null),
    constraint booking_amounts_positive check (
        cardinality(dimensions) = cardinality(amounts) and 0 < all (amounts) and 1000000000000000 >= all (amounts)
        and array_position(dimensions, null) is null and array_position(amounts, null) is null)
);
create index booking_by_holder on booking (book, holder);
create index booking_by_time on booking using gist (book, place, during);
create index booking_by_end on booking (upper(during));

-- Individual things held alone: the exclusion makes a second holder impossible. Book and time are the booking's, whatever is written
-- here; triggers see to it, since a foreign key on them would be looked up by the index of times, slowly. What is lent holds no unit:
-- it would keep out what is firm.
create table booking_unit (
    booking bigint    not null references booking on delete cascade,
    unit    text      not null,
    book    text      not null,
    during  tstzrange not null,
    primary key (booking, unit),
    constraint booking_unit_alone exclude using gist (book with =, unit with =, during with &&)
);

create function booking_unit_lent(p_booking bigint, p_unit text) returns void language plpgsql as $$
begin
    raise exception using
        errcode = 'check_violation', table = 'booking_unit', constraint = 'booking_unit_firm',
        message = format('booking %s is not firm and cannot hold unit %s', p_booking, p_unit);
end $$;

create function booking_unit_follows() returns trigger language plpgsql as $$
declare
    is_firm boolean;
begin
    select b.book, b.during, b.firm into new.book, new.during, is_firm from booking b where b.id = new.booking for no key update;
    if not is_firm then
        perform booking_unit_lent(new.booking, new.unit);
    end if;
    return new;
end $$;

create trigger booking_unit_follows before insert or update on booking_unit
    for each row execute function booking_unit_follows();

-- Microseconds since 1970, exact; the ends of the range of bigint stand for the infinities.
create function calendar_micros(at timestamptz) returns bigint language sql immutable parallel safe as $$
    select case when isfinite(at) then (extract(epoch from at) * 1000000)::bigint
                when at < '2000-01-01Z' then -9223372036854775808 else 9223372036854775807 end
$$;

-- Total and firm use of each dimension of places, each over a window of its own, as steps that cover the window from the first to the last
-- instant; nth = which one, counted from 1. A place may be there with several windows.
-- The one definition of what is free for admission and the triggers below; profiles of all instants are summed up elsewhere from the same rows.
-- p_dimensions: null = all.
-- The plan is made once for each connection, and must stay good when tables that were small are not any more: hence the settings, and
-- `offset 0`, which has each place looked up by its own.
create function calendar_steps_of(p_books text[], p_places text[], p_whens tstzrange[], p_dimensions text[])
    returns table (nth int, place text, dimension text, since timestamptz, until timestamptz, total bigint, used bigint)
    language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
begin
    return query
    with wanted as (
        select w.nth::int, w.book, w.id, w.during, lower(w.during) as since, upper(w.during) as until
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
                         where b.book = wanted.book and b.place = wanted.id and b.during && wanted.during and b.firm
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

-- The same of some places of one book over one window.
create function calendar_steps(p_book text, p_places text[], p_when tstzrange, p_dimensions text[])
    returns table (place text, dimension text, since timestamptz, until timestamptz, total bigint, used bigint) language sql stable as $$
    select s.place, s.dimension, s.since, s.until, s.total, s.used
      from calendar_steps_of(array_fill(p_book, array[cardinality(p_places)]), p_places, array_fill(p_when, array[cardinality(p_places)]),
                             p_dimensions) s
$$;

-- What is lent of each dimension of some places at one instant; none that is zero.
create function calendar_lent(p_book text, p_places text[], p_at timestamptz) returns table (place text, dimension text, lent bigint)
    language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
begin
    return query
    select wanted.id, taken.dimension, sum(taken.amount)::bigint
      from unnest(p_places) as wanted (id),
           lateral (select b.dimensions, b.amounts from booking b
                     where b.book = p_book and b.place = wanted.id and b.during @> p_at and not b.firm offset 0) b,
           lateral unnest(b.dimensions, b.amounts) as taken (dimension, amount)
     group by 1, 2;
end $$;

-- The first of these units that somebody holds in a window, and when. p_without: a holder who does not count; null = all count.
create function calendar_unit_held(p_book text, p_units text[], p_when tstzrange, p_without uuid)
    returns table (unit text, since timestamptz, until timestamptz)
    language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
begin
    return query
    select held.unit, lower(held.during), upper(held.during)
      from unnest(p_units) as wanted (unit),
           lateral (select u.unit, u.during, u.booking from booking_unit u
                     where u.book = p_book and u.unit = wanted.unit and u.during && p_when offset 0) held
      join booking b on b.id = held.booking
     where p_without is null or b.holder <> p_without
     order by lower(held.during), held.unit limit 1;
end $$;

-- Books, or says why not, in one round trip: 'written' or 'there' (with the booking), 'nowhere', 'held' (with unit and time), 'lost' (a unit,
-- but ask again) or 'short' (with dimension, instant, amounts). Each statement in here sees what was committed before it began, so that nothing that the lock
-- waited for is missed. It does not look before it writes: the trigger below looks anyway, and once is enough.
create function calendar_book(
        p_book text, p_holder uuid, p_place text, p_during tstzrange, p_dimensions text[], p_amounts bigint[], p_units text[],
        p_kind text, p_firm boolean)
    returns table (verdict text, booking bigint, name text, since timestamptz, until timestamptz, wanted bigint, free bigint)
    language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    broken text;
    detail text;
    known  bigint;
begin
    perform 1 from place p where p.book = p_book and p.id = p_place for no key update;
    if not found then
        return query select 'nowhere', null::bigint, null::text, null::timestamptz, null::timestamptz, null::bigint, null::bigint;
        return;
    end if;
    select b.id into known from booking b
     where b.book = p_book and b.holder = p_holder and b.place = p_place and b.during = p_during
     order by b.dimensions = p_dimensions and b.amounts = p_amounts and b.firm = p_firm desc, b.id limit 1;  -- several may have been cut to one time
    if found then
        return query select 'there', known, null::text, null::timestamptz, null::timestamptz, null::bigint, null::bigint;
        return;
    end if;
    begin
        insert into booking (book, holder, place, during, dimensions, amounts, kind, firm)
        values (p_book, p_holder, p_place, p_during, p_dimensions, p_amounts, p_kind, p_firm) returning id into known;
        if cardinality(p_units) > 0 then
            insert into booking_unit (booking, unit, book, during) select known, u, p_book, p_during from unnest(p_units) u;
        end if;
        return query select 'written', known, null::text, null::timestamptz, null::timestamptz, null::bigint, null::bigint;
    exception
        when exclusion_violation then
            return query select 'held', null::bigint, h.unit, h.since, h.until, null::bigint, null::bigint
                           from calendar_unit_held(p_book, p_units, p_during, null) h;
            if not found then  -- held through another place, and given back just now
                return query select 'lost', null::bigint, null::text, null::timestamptz, null::timestamptz, null::bigint, null::bigint;
            end if;
        when check_violation then
            get stacked diagnostics broken = constraint_name, detail = pg_exception_detail;
            if broken <> 'booking_fits' then raise; end if;
            return query select 'short', null::bigint, s.dimension, s.at, null::timestamptz, own.amount, s.total - s.used + own.amount
                           from calendar_overbooked(detail) s join unnest(p_dimensions, p_amounts) as own (dimension, amount) using (dimension);
    end;
end $$;

-- Books many firm ones without units in one statement, all or nothing; false if it does not fit or there is no such place. It does not say
-- whether somebody holds the same already. Plans are kept here and in the triggers below, which are called by it.
create function calendar_book_many(p_rows jsonb) returns boolean language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    broken text;
begin
    insert into booking (book, holder, place, during, dimensions, amounts, kind)
    select r.book, r.holder, r.place, tstzrange(r.since, r.until), r.dimensions, r.amounts, r.kind
      from jsonb_to_recordset(p_rows) as r (book text, holder uuid, place text, since timestamptz, until timestamptz, dimensions text[],
                                            amounts bigint[], kind text);
    return true;
exception
    when foreign_key_violation then
        return false;
    when check_violation then
        get stacked diagnostics broken = constraint_name;
        if broken <> 'booking_fits' then raise; end if;
        return false;
end $$;

-- What `booking_overbooked` below says in its detail. p_used: what would be taken in all, of what is lent too if not p_firm.
create function calendar_overbooked(p_detail text)
    returns table (book text, place text, dimension text, at timestamptz, used bigint, total bigint, firm boolean) language sql immutable as $$
    select * from json_to_record(p_detail::json)
        as wrong (book text, place text, dimension text, at timestamptz, used bigint, total bigint, firm boolean)
$$;

-- Gives bookings new contents, all in one statement, so that they are checked as they will be together against as they were together:
-- what is taken by one and given back by another at the same place and instant is not more. p_of, p_dimensions, p_amounts: what is taken
-- by which booking. No row: done; a row: where it would not fit, and nothing is changed.
create function calendar_rewrite(
        p_ids bigint[], p_books text[], p_holders uuid[], p_places text[], p_since timestamptz[], p_until timestamptz[], p_kinds text[],
        p_firm boolean[], p_of bigint[], p_dimensions text[], p_amounts bigint[])
    returns table (book text, place text, dimension text, at timestamptz, used bigint, total bigint, firm boolean)
    language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
    broken text;
    detail text;
begin
    update booking b
       set book = w.book, holder = w.holder, place = w.place, during = tstzrange(w.since, w.until), kind = w.kind, firm = w.firm,
           dimensions = coalesce(taken.dimensions, '{}'), amounts = coalesce(taken.amounts, '{}')
      from unnest(p_ids, p_books, p_holders, p_places, p_since, p_until, p_kinds, p_firm)
               as w (id, book, holder, place, since, until, kind, firm)
      left join (select t.id, array_agg(t.dimension order by t.dimension) as dimensions, array_agg(t.amount order by t.dimension) as amounts
                   from unnest(p_of, p_dimensions, p_amounts) as t (id, dimension, amount) group by t.id) taken on taken.id = w.id
     where b.id = w.id;
exception
    when check_violation then
        get stacked diagnostics broken = constraint_name, detail = pg_exception_detail;
        if broken <> 'booking_fits' then raise; end if;
        return query select * from calendar_overbooked(detail);
end $$;

-- Never overbooked, whatever code writes (no check of the caller is trusted): each statement that writes bookings takes the locks
-- of the places that it touches, in the order of their ids, and then looks at every instant at which it takes more than before.
--
-- At once and not at commit: the locks are kept until commit, so nobody can slip in between, the writer learns of it at the statement
-- that is wrong, and a bulk load is checked once and not row by row. The lock is an update of the row, so that a transaction which
-- looks at an old snapshot (repeatable read) fails instead of missing a booking that it cannot see.
-- A place that lost capacity may be overbooked already: only instants at which this statement takes *more* are looked at, so that
-- ending, shortening and shrinking always work, and nothing new gets in.
--
-- What is firm is held against what is firm for all of its time. What is lent is held against everything, at its first instant: later
-- something firm may come, which does not see it.
--
-- One who owns a place and answers from memory has looked already. It says so in the setting holdfast.fence, with the epoch and the version
-- that it knows: where both are still true nothing has changed since, and what it inserts is not looked at once more.
--
-- Returns whether one of the places has an owner who wants news. One who has not read its news for 10,000 changes is owner no more.
create function booking_touches(p_books text[], p_places text[]) returns boolean language plpgsql as $$
declare
    any_owner boolean;
begin
    if cardinality(p_places) > 1 then
        perform 1 from place p join (select distinct * from unnest(p_books, p_places) as t (book, id)) touched using (book, id)
          order by p.book, p.id for no key update of p;
    end if;
    with counted as (
        update place p set version = version + 1, owner = case when p.version - p.followed < 10000 then p.owner end
          from (select distinct * from unnest(p_books, p_places) as t (book, id)) touched
         where p.book = touched.book and p.id = touched.id
        returning p.owner
    )
    select coalesce(bool_or(owner is not null), false) into any_owner from counted;
    return any_owner;
end $$;

-- The places at which the fence is true, after `booking_touches` in the same statement: the version is one more than the fence knows.
create function booking_fenced() returns table (book text, place text) language sql stable as $$
    select p.book, p.id
      from jsonb_to_recordset(nullif(current_setting('holdfast.fence', true), '')::jsonb)
               as f (book text, place text, owner uuid, epoch bigint, version bigint)
      join place p on p.book = f.book and p.id = f.place and p.owner = f.owner and p.epoch = f.epoch and p.version = f.version + 1
$$;

create function booking_overbooked(
        p_book text, p_place text, p_dimension text, p_at timestamptz, p_used numeric, p_total bigint, p_firm boolean)
    returns void language plpgsql as $$
begin
    raise exception using
        errcode = 'check_violation', table = 'booking', constraint = 'booking_fits',
        message = format('place %s of book %s would be overbooked: %s %s of %s at %s%s', p_place, p_book, p_used, p_dimension, p_total, p_at,
                         case when p_firm then '' else ', with what is lent' end),
        detail = json_build_object('book', p_book, 'place', p_place, 'dimension', p_dimension, 'at', p_at, 'used', p_used, 'total', p_total,
                                   'firm', p_firm),
        hint = 'Book through the calendar, which locks the place and looks first.';
end $$;

-- Refuses what is overbooked in these dimensions of these places in these windows; each dimension of a place stands there once. All in one
-- look: to begin a query costs more than a place does.
create function booking_refuse(p_books text[], p_places text[], p_dimensions text[], p_windows tstzmultirange[]) returns void
    language plpgsql as $$
declare
    books  text[];
    places text[];
    whens  tstzrange[];
    wrong  record;
begin
    select array_agg(l.book), array_agg(l.place), array_agg(l.during) into books, places, whens
      from (select g.book, g.place, unnest(range_agg(g.windows)) as during
              from unnest(p_books, p_places, p_windows) as g (book, place, windows) group by g.book, g.place) l;
    with excess as materialized (
        select * from calendar_steps_of(books, places, whens, (select array_agg(distinct d) from unnest(p_dimensions) d)) s
         where s.used > s.total
    )
    select g.book, g.place, e.dimension, e.used, e.total, lower(g.windows * tstzmultirange(tstzrange(e.since, e.until))) as at into wrong
      from excess e
      join unnest(p_books, p_places, p_dimensions, p_windows) as g (book, place, dimension, windows)
        on g.book = books[e.nth] and g.place = e.place and g.dimension = e.dimension and g.windows && tstzrange(e.since, e.until)
     order by g.book, g.place, at, e.dimension limit 1;
    if found then
        perform booking_overbooked(wrong.book, wrong.place, wrong.dimension, wrong.at, wrong.used, wrong.total, true);
    end if;
end $$;

create function booking_refuse_lent(p_book text, p_place text, p_at timestamptz, p_dimensions text[]) returns void language plpgsql as $$
declare
    wrong record;
begin
    select l.dimension, coalesce(s.used, 0) + l.lent as used, coalesce(s.total, 0) as total into wrong
      from calendar_lent(p_book, array[p_place], p_at) l
      left join calendar_steps(p_book, array[p_place], tstzrange(p_at, p_at + interval '1 microsecond'), p_dimensions) s
             on s.dimension = l.dimension
     where l.dimension = any (p_dimensions) and coalesce(s.used, 0) + l.lent > coalesce(s.total, 0)
     order by l.dimension limit 1;
    if found then
        perform booking_overbooked(p_book, p_place, wrong.dimension, p_at, wrong.used, wrong.total, false);
    end if;
end $$;

create function booking_inserted() returns trigger language plpgsql as $$
declare
    books  text[];
    places text[];
    owned  boolean;
    fenced_books  text[] := '{}';
    fenced_places text[] := '{}';
    grown  record;
    at     record;
begin
    select array_agg(book), array_agg(place) into books, places from (select distinct book, place from added) t;
    if books is null then return null; end if;
    owned := booking_touches(books, places);
    if owned then
        select coalesce(array_agg(f.book), '{}'), coalesce(array_agg(f.place), '{}') into fenced_books, fenced_places from booking_fenced() f;
    end if;
    select array_agg(t.book) as books, array_agg(t.place) as places, array_agg(t.dimension) as dimensions, array_agg(t.windows) as windows into grown
      from (select a.book, a.place, d.dimension, range_agg(a.during) as windows
              from added a, lateral unnest(a.dimensions) as d (dimension)
             where a.firm
               and not exists (select 1 from unnest(fenced_books, fenced_places) as f (book, place) where f.book = a.book and f.place = a.place)
             group by 1, 2, 3) t;
    if grown.books is not null then
        perform booking_refuse(grown.books, grown.places, grown.dimensions, grown.windows);
        if owned then
            insert into place_news (book, place, version, sign, during, dimensions, amounts)
            select a.book, a.place, p.version, 1, a.during, a.dimensions, a.amounts
              from added a
              join place p on p.book = a.book and p.id = a.place and p.owner is not null
             where a.firm
               and not exists (select 1 from unnest(fenced_books, fenced_places) as f (book, place) where f.book = a.book and f.place = a.place);
        end if;
    end if;
    for at in
        select a.book, a.place, lower(a.during) as since, array_agg(distinct d.dimension) as dimensions
          from added a, lateral unnest(a.dimensions) as d (dimension)
         where not a.firm
         group by 1, 2, 3 order by 1, 2, 3
    loop
        perform booking_refuse_lent(at.book, at.place, at.since, at.dimensions);
    end loop;
    return null;
end $$;

create function booking_updated() returns trigger language plpgsql as $$
declare
    books  text[];
    places text[];
    more   record;
    at     record;
begin
    select array_agg(book), array_agg(place) into books, places
      from (select book, place from added union select book, place from removed) t;
    if books is null then return null; end if;
    if booking_touches(books, places) then
        insert into place_news (book, place, version, sign, during, dimensions, amounts)
        select c.book, c.place, p.version, c.sign, c.during, c.dimensions, c.amounts
          from (select a.book, a.place, 1 as sign, a.during, a.dimensions, a.amounts from added a where a.firm
                 union all
                select r.book, r.place, -1, r.during, r.dimensions, r.amounts from removed r where r.firm) c
          join place p on p.book = c.book and p.id = c.place
         where p.owner is not null;
    end if;
    with event as (
        select a.book, a.place, d.dimension, m.at, m.sign * d.amount as change
          from added a, lateral unnest(a.dimensions, a.amounts) as d (dimension, amount),
               lateral (values (lower(a.during), 1), (upper(a.during), -1)) as m (at, sign)
         where a.firm
         union all
        select r.book, r.place, d.dimension, m.at, m.sign * d.amount
          from removed r, lateral unnest(r.dimensions, r.amounts) as d (dimension, amount),
               lateral (values (lower(r.during), -1), (upper(r.during), 1)) as m (at, sign)
         where r.firm
    ), instant as (
        select e.book, e.place, e.dimension, e.at, sum(e.change) as change from event e group by 1, 2, 3, 4
    ), step as (
        select i.book, i.place, i.dimension, i.at as since, lead(i.at) over so_far as until, sum(i.change) over so_far as more
          from instant i
        window so_far as (partition by i.book, i.place, i.dimension order by i.at)
    ), grown as (
        select s.book, s.place, s.dimension, range_agg(tstzrange(s.since, s.until)) as windows from step s where s.more > 0 group by 1, 2, 3
    )
    select array_agg(g.book) as books, array_agg(g.place) as places, array_agg(g.dimension) as dimensions, array_agg(g.windows) as windows into more
      from grown g;
    if more.books is not null then
        perform booking_refuse(more.books, more.places, more.dimensions, more.windows);
    end if;
    for at in
        with event as (
            select a.book, a.place, lower(a.during) as since, d.dimension, d.amount
              from added a, lateral unnest(a.dimensions, a.amounts) as d (dimension, amount) where not a.firm
             union all
            select r.book, r.place, lower(r.during), d.dimension, -d.amount
              from removed r, lateral unnest(r.dimensions, r.amounts) as d (dimension, amount) where not r.firm
        ), grown as (
            select e.book, e.place, e.since, e.dimension from event e group by 1, 2, 3, 4 having sum(e.amount) > 0
        )
        select g.book, g.place, g.since, array_agg(g.dimension) as dimensions from grown g group by 1, 2, 3 order by 1, 2, 3
    loop
        perform booking_refuse_lent(at.book, at.place, at.since, at.dimensions);
    end loop;
    perform booking_unit_lent(u.booking, u.unit) from added a join booking_unit u on u.booking = a.id where not a.firm;
    update booking_unit u set during = a.during
      from added a where u.booking = a.id and (u.during <> a.during or u.book <> a.book);
    return null;
end $$;

create function booking_deleted() returns trigger language plpgsql as $$
declare
    books  text[];
    places text[];
begin
    select array_agg(book), array_agg(place) into books, places from (select distinct book, place from removed) t;
    if books is not null and booking_touches(books, places) then
        insert into place_news (book, place, version, sign, during, dimensions, amounts)
        select r.book, r.place, p.version, -1, r.during, r.dimensions, r.amounts
          from removed r join place p on p.book = r.book and p.id = r.place
         where r.firm and p.owner is not null;
    end if;
    return null;
end $$;

create trigger booking_fits_inserted after insert on booking
    referencing new table as added for each statement execute function booking_inserted();
create trigger booking_fits_updated after update on booking
    referencing old table as removed new table as added for each statement execute function booking_updated();
create trigger booking_deleted after delete on booking
    referencing old table as removed for each statement execute function booking_deleted();

-- A total may fall below what is booked: hosts do fail. It takes the same lock, so that whoever books next sees it, and refuses nothing.
-- News do not tell of totals: whoever owns the place owns it no more, and reads it anew.
create function place_capacity_changed() returns trigger language plpgsql as $$
begin
    update place p set version = version + 1, owner = null
     where p.book = coalesce(new.book, old.book) and p.id = coalesce(new.place, old.place);
    return null;
end $$;

create trigger place_capacity_changed after insert or update or delete on place_capacity
    for each row execute function place_capacity_changed();
create trigger place_change_changed after insert or update or delete on place_change
    for each row execute function place_capacity_changed();

-- What the continuous audit has found and not seen mended since; one row for each dimension of a place, or for a unit (then the dimension
-- is empty).
create table audit_finding (
    book      text        not null,
    name      text        not null,              -- of the place or the unit
    dimension text        not null,
    during    tstzrange   not null,
    missing   bigint      not null,
    lost      boolean     not null,              -- whether the place lost as much on purpose or by failure, so that it is known
    found     timestamptz not null,
    seen      timestamptz not null,              -- when it was last found
    primary key (book, name, dimension)
);

-- How far the audit is: at most one row.
create table audit_position (
    one    boolean     primary key default true check (one),
    book   text        not null,
    after  text        not null,                 -- the last place that was looked at
    began  timestamptz not null                  -- when this turn through the book began
);
