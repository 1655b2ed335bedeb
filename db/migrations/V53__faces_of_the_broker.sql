-- Tokens of clients stand for deployments as well as for instances; see LaunchTokens.
alter table launch_token rename column instance to made;

-- when instances began to run and were stopped, and how far deployments were in that; see UsageRecords
drop index journal_of_usage;
create index journal_of_usage on journal (at, seq)
    where (type = 'cloudInstance' and kind = 'state' and to_state in ('running', 'stopped')
        or type = 'cloudDeployment' and kind = 'change'
            and why in ('first_running', 'all_running', 'some_stopped', 'all_stopped'));

-- What users say of things at accounts, beside what the providers know; see ThingStore.
alter table account_thing add column said jsonb;
