-- What happened to instances and deployments, and at accounts; see CloudEvents. A change of state has the new state as its
-- code, any other entry the word that it says, if it says one; that something was made has none.
create view cloud_event as
    select seq as number, at,
           case type when 'cloudInstance' then 'instance' else 'deployment' end as source_type,
           resource as source, name,
           case when kind = 'state' then case when from_state is not null then to_state end
                else substring(why from '^[a-z_]{1,40}$') end as status_code,
           why as summary
      from journal
     where type in ('cloudInstance', 'cloudDeployment')
    union all
    select null, at, 'provider_account', account, null, 'provider_account_failure', why
      from account_failure;

create index journal_of_clouds on journal (at, seq) where type in ('cloudInstance', 'cloudDeployment');
-- the same of one code
create index journal_of_clouds_by_code on journal (
    (case when kind = 'state' then case when from_state is not null then to_state end
          else substring(why from '^[a-z_]{1,40}$') end), at)
    where type in ('cloudInstance', 'cloudDeployment');
-- when instances began to run, and when they were stopped; see UsageRecords
create index journal_of_usage on journal (at, seq)
    where type = 'cloudInstance' and kind = 'state' and to_state in ('running', 'stopped');
-- the instance that an account calls so
create index instance_at_account on resource ((data -> 'attempt' -> 'match' ->> 'account'), (data -> 'sight' ->> 'key'))
    where type = 'cloudInstance' and removed is null;
