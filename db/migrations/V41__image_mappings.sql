-- Images as users name them, and what stands for them where, see BrokerImages and ImageMappings.
create unique index broker_image_once on resource (name) where type = 'brokerImage' and removed is null;

create unique index image_mapping_once on resource
    (name, coalesce(data ->> 'account', data ->> 'provider'), coalesce(data ->> 'build', ''))
    where type = 'imageMapping' and removed is null;
create index image_mapping_at on resource ((coalesce(data ->> 'account', data ->> 'provider')))
    where type = 'imageMapping' and removed is null;
