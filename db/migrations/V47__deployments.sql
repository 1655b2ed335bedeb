-- The deployments of a pool, in the order of their creation, and their names, which are unique there.
create index deployment_of_pool on resource (((data ->> 'pool')::uuid), created, id)
    where type = 'cloudDeployment' and removed is null;
create unique index deployment_named on resource (((data ->> 'pool')::uuid), name)
    where type = 'cloudDeployment' and removed is null;
