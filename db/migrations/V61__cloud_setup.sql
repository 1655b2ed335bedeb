-- Counts changes of what is set up of the cloud broker, so that servers keep in memory what they made of it: see Setup. No row before the first.
create table cloud_setup (
    one     boolean primary key default true check (one),
    version bigint not null,
    tx      xid8                                       -- the transaction that counted last; unknown after a restore
);

create function count_cloud_setup() returns trigger language plpgsql as $$
begin
    insert into cloud_setup (version, tx) values (1, pg_current_xact_id())
    on conflict (one) do update set version = cloud_setup.version + 1, tx = excluded.tx where cloud_setup.tx is distinct from excluded.tx;
    return null;
end $$;

-- At the end of a transaction: who holds that row waits for nobody any more.
create constraint trigger cloud_setup_changed after insert or update on resource deferrable initially deferred
    for each row when (new.type in ('poolFamily', 'cloudPool', 'providerType', 'cloudProvider', 'cloudAccount', 'hardwareProfile', 'frontendRealm',
                                    'cloudUser', 'brokerImage', 'imageMapping'))
    execute function count_cloud_setup();
