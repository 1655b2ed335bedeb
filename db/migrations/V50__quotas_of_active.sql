-- An instance that is reserved and begins to run changes no count, so launches that end do not wait for those that
-- begin: see Quotas. What is reserved is counted when somebody asks.
alter table quota_count rename column running to active;
update quota_count set active = active + reserved;
alter table quota_count drop column reserved;
create index quota_use_reserved on quota_use (owner) where phase = 0;
