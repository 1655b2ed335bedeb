-- The catalogs and the deployables of a pool: each name is there once.
create unique index cloud_deployable_once on resource (parent, type, name)
    where type in ('cloudCatalog', 'cloudDeployable') and removed is null;
