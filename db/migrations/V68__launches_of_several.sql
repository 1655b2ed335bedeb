-- A token of a client stands for all that was made with it: the first is `made`; see LaunchTokens.
alter table launch_token add column others uuid[] not null default '{}';
