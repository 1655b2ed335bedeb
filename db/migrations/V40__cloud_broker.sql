-- What administrators set up of the cloud broker: each name is there once, whoever else writes at the same time.
create unique index cloud_name_once on resource (type, name)
    where type in ('poolFamily', 'providerType', 'cloudProvider', 'cloudAccount', 'hardwareProfile', 'frontendRealm',
                   'cloudUser', 'cloudGroup', 'cloudRole', 'cloudGrant') and removed is null;
create unique index cloud_pool_once on resource (parent, name) where type = 'cloudPool' and removed is null;
create unique index cloud_export_once on resource ((data ->> 'exportedAs')) where type = 'cloudPool' and removed is null;
create unique index cloud_driver_once on resource ((data ->> 'driver')) where type = 'providerType' and removed is null;
create unique index cloud_login_once on resource (parent, (data -> 'credentials' ->> 'username'))
    where type = 'cloudAccount' and removed is null;
create unique index cloud_standard_once on resource (type)
    where type in ('poolFamily', 'cloudPool') and removed is null and data ->> 'standard' = 'true';
-- whom a permission is for, as what and on what; which groups somebody is in, which families use an account, which
-- front-end realms lead to a realm, and whose that is
create index cloud_grant_of on resource ((data ->> 'entity')) where type = 'cloudGrant' and removed is null;
create index cloud_grant_as on resource ((data ->> 'role')) where type = 'cloudGrant' and removed is null;
create index cloud_grant_on on resource ((data ->> 'object')) where type = 'cloudGrant' and removed is null;
create index cloud_members on resource using gin (data jsonb_path_ops)
    where type in ('cloudGroup', 'poolFamily', 'frontendRealm', 'cloudProvider') and removed is null;
-- what something cost at a time
create index cloud_cost_of on resource ((data ->> 'chargeable')) where type = 'cloudCost' and removed is null;
