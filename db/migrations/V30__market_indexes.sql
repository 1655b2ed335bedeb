-- What LIST is asked for, beside each listing, so that only flavors are read that are wanted; amounts in whole units,
-- prices for an hour. Listings of before have no kind: they are looked at one by one until they are written again.
alter table listing
    add column kind          text,
    add column cpu           numeric,
    add column memory        numeric,
    add column pods          numeric,
    add column storage       numeric,
    add column gpu_cores     numeric,
    add column gpu_memory    numeric,
    add column sampling_rate numeric,
    add column latency       numeric,
    add column price         numeric,
    add column carbon        numeric,
    add column words         text[],             -- such as location.city=Turin
    add column amounts       text,               -- what is offered, in one way of writing: the name under which it was comes back
    add column changed       timestamptz;        -- when its state changed
create index listing_cpu     on listing (kind, cpu) where state = 'LISTED';
create index listing_memory  on listing (kind, memory) where state = 'LISTED';
create index listing_storage on listing (kind, storage) where state = 'LISTED';
create index listing_gpu     on listing (kind, gpu_cores) where state = 'LISTED' and gpu_cores > 0;
create index listing_price   on listing (kind, price) where state = 'LISTED';
create index listing_words   on listing using gin (words) where state = 'LISTED';
create index listing_plain   on listing (id) where state = 'LISTED' and kind is null;
create index listing_again   on listing (root, amounts, since) where state = 'RETIRED';
create index listing_over    on listing (coalesce(changed, since)) where state = 'RETIRED';

-- A number that nothing else has, and that changes with the claims of a root: who remembers them under it need not read
-- them again.
create sequence root_epoch_number;
create table root_epoch (
    root  uuid   primary key,
    epoch bigint not null
);
create index claim_of_domain_held on claim (domain) where state = 'held';
create index claim_of_domain_bought on claim (domain) where state = 'bought';
drop index claim_of_domain;
