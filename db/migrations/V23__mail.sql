-- Mail for actors of other domains (`actor@contract`): what waits under one contract, oldest first.
create index outbox_abroad on outbox (split_part(receiver, '@', 2), seq) where receiver like '%@%';
