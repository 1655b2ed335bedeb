-- What people have declared in the way of Kubernetes: each name is there once in a project, see Declarations.
create unique index declaration_once on resource (project, name) where type = 'declaration' and removed is null;

-- What is declared names what is offered, not by whom.
create index candidate_named on candidate (flavor) where state in ('fresh', 'stale');
