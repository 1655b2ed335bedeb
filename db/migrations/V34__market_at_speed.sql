-- Who keeps what is booked at places of its own by heart, and has judged there under its own lock, says so with the version that it has
-- looked at; it owns no place and wants no news. Where somebody else owns the place, or has changed it since, all is summed up as always.

-- The places at which the fence is true, after `booking_touches` in the same statement: the version is one more than the fence knows.
create or replace function booking_fenced() returns table (book text, place text) language sql stable as $$
    select p.book, p.id
      from jsonb_to_recordset(nullif(current_setting('holdfast.fence', true), '')::jsonb)
               as f (book text, place text, owner uuid, epoch bigint, version bigint)
      join place p on p.book = f.book and p.id = f.place and p.version = f.version + 1
                  and (p.owner = f.owner and p.epoch = f.epoch or f.owner is null and p.owner is null)
$$;

create or replace function booking_inserted() returns trigger language plpgsql as $$
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
    if coalesce(current_setting('holdfast.fence', true), '') <> '' then
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

-- As calendar_book_many; what is inserted at the places of the fence was judged at just these versions. The fence is gone afterwards.
create function calendar_book_judged(p_rows jsonb, p_fence jsonb) returns boolean language plpgsql as $$
declare
    written boolean;
begin
    perform set_config('holdfast.fence', p_fence::text, true);
    written := calendar_book_many(p_rows);
    perform set_config('holdfast.fence', '', true);
    return written;
end $$;

-- The version of the root's place in the calendar when all that was booked there was what is claimed of the root, and nothing else.
alter table root_epoch add column booked bigint;

-- What one caller holds for all of its customers, whose keys begin with its own.
create index claim_of_caller on claim (split_part(buyer, '/', 1)) where state = 'held';

-- What is asked for, beside each offer of a peer and each that is published, as beside our own listings. Rows of before have no words: they
-- are looked at one by one until they are told again.
alter table candidate
    add column cpu numeric, add column memory numeric, add column pods numeric, add column storage numeric, add column gpu_cores numeric,
    add column gpu_memory numeric, add column sampling_rate numeric, add column latency numeric, add column price numeric,
    add column carbon numeric, add column words text[];
create index candidate_cpu    on candidate (kind, cpu) where state in ('fresh', 'stale');
create index candidate_memory on candidate (kind, memory) where state in ('fresh', 'stale');
create index candidate_gpu    on candidate (kind, gpu_cores) where state in ('fresh', 'stale') and gpu_cores > 0;
create index candidate_price  on candidate (kind, price) where state in ('fresh', 'stale');
create index candidate_words  on candidate using gin (words) where state in ('fresh', 'stale');
create index candidate_plain  on candidate (peer) where state in ('fresh', 'stale') and words is null;

alter table published
    add column cpu numeric, add column memory numeric, add column pods numeric, add column storage numeric, add column gpu_cores numeric,
    add column gpu_memory numeric, add column sampling_rate numeric, add column latency numeric, add column price numeric,
    add column carbon numeric, add column words text[];
create index published_cpu    on published (kind, cpu) where not withdrawn;
create index published_memory on published (kind, memory) where not withdrawn;
create index published_gpu    on published (kind, gpu_cores) where not withdrawn and gpu_cores > 0;
create index published_price  on published (kind, price) where not withdrawn;
create index published_words  on published using gin (words) where not withdrawn;
create index published_plain  on published (publisher) where not withdrawn and words is null;

-- The same mark for our own listings of before.
drop index listing_plain;
create index listing_plain on listing (id) where state = 'LISTED' and words is null;

-- When a root was found to offer just what there is of its host: as long as nothing of this has changed, and not for longer than `until`, it
-- need not be measured again.
create table root_measure (
    root    uuid        primary key,
    seen    bigint      not null,                -- version of its resource
    epoch   bigint      not null,                -- of its claims; 0 = it has none
    place   text        not null,                -- of its host, in the book of the broker
    version bigint      not null,                -- of that place
    until   timestamptz not null                 -- when some use of the host or some claim begins to count, or ends
);
