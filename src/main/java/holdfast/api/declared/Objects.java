package holdfast.api.declared;

import static java.util.stream.Collectors.toMap;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.federation.declared.Declaration;
import holdfast.federation.declared.Declarations;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// What is declared, and what is there without anybody having declared it, of all sorts.
final class Objects {
    private final Database database;
    private final Declarations declarations;
    private final Map<Sort, Keeper> keepers;

    Objects(Database database, Declarations declarations, List<Keeper> keepers) {
        this.database = database;
        this.declarations = declarations;
        this.keepers = keepers.stream().collect(toMap(Keeper::sort, Function.identity()));
    }

    private Keeper keeper(Sort sort) {
        return Optional.ofNullable(keepers.get(sort)).orElseThrow();
    }

    /// Those that the caller may see: what was declared first.
    ///
    /// @param namespace empty: in all of them
    List<Shown> list(Sort sort, Optional<String> namespace, Caller caller) {
        return database.inTransaction(tx -> list(tx, sort, caller)).stream()
                .filter(one -> namespace.map(one.namespace()::equals).orElse(true))
                .toList();
    }

    private List<Shown> list(Tx tx, Sort sort, Caller caller) {
        var keeper = keeper(sort);
        var there = new LinkedHashMap<UUID, Shown>();
        keeper.list(tx, caller).forEach(one -> there.put(one.made().orElse(one.uid()), one));
        var all = new ArrayList<Shown>();
        var seen = Access.seenBy(caller, Declaration.TYPE);
        for (var declared : declarations.list(tx, sort.plural(), seen, Keeper.MOST)) {
            var made = declared.as(Declaration.class).made();
            all.add(made.flatMap(id -> Optional.ofNullable(there.remove(id)).or(() -> keeper.made(tx, id)))
                    .map(one -> one.declared(declared))
                    .orElseGet(() -> Shown.unmade(sort, declared)));
        }
        all.addAll(there.values());
        return all;
    }

    Shown one(Sort sort, String namespace, String name, Caller caller) {
        return database.inTransaction(tx -> one(tx, sort, namespace, name, caller));
    }

    private Shown one(Tx tx, Sort sort, String namespace, String name, Caller caller) {
        return declarations
                .find(tx, sort.plural(), namespace, name, caller.project())
                .map(found -> shown(tx, sort, found))
                .or(() -> find(tx, sort, namespace, name, caller))
                .orElseThrow(() -> missing(sort, name));
    }

    /// The declaration, locked.
    private Optional<Resource> declared(Tx tx, Sort sort, String namespace, String name, Caller caller) {
        return declarations
                .lock(tx, sort.plural(), namespace, name, caller.project())
                .or(() -> find(tx, sort, namespace, name, caller) // administrators see those of others, too
                        .flatMap(one -> declarations.lock(tx, one.uid())));
    }

    private Shown shown(Tx tx, Sort sort, Resource declared) {
        return declared.as(Declaration.class)
                .made()
                .flatMap(made -> keeper(sort).made(tx, made))
                .map(one -> one.declared(declared))
                .orElseGet(() -> Shown.unmade(sort, declared));
    }

    private static KubeProblem missing(Sort sort, String name) {
        return KubeProblem.notFound(sort.plural() + "." + sort.group() + " \"" + name + "\" not found");
    }

    /// Declares one.
    Shown create(Sort sort, String namespace, Manifest manifest, Caller caller) {
        manifest.check(sort, namespace);
        var name = manifest.name();
        var spec = manifest.spec();
        var labels = manifest.labels();
        var annotations = manifest.annotations();
        database.inTransaction(tx -> {
            if (find(tx, sort, namespace, name, caller).isPresent()) {
                throw new RefusedException(exists(sort, name));
            }
            return true;
        });
        var keeper = keeper(sort);
        var before = keeper.before(caller, name, spec);
        return database.inTransaction(tx -> {
            var made = before.or(() -> keeper.make(tx, caller, name, spec));
            var said = new Declaration(sort.plural(), namespace, name, labels, annotations, spec, made);
            return switch (declarations.keep(tx, said, caller.project(), caller.user())) {
                case Answer.Yes<Resource>(var kept) -> shown(tx, sort, kept);
                case Answer.No<Resource> _ -> throw new RefusedException(exists(sort, name));
            };
        });
    }

    private Optional<Shown> find(Tx tx, Sort sort, String namespace, String name, Caller caller) {
        return list(tx, sort, caller).stream()
                .filter(one -> one.namespace().equals(namespace) && one.name().equals(name))
                .findFirst();
    }

    private static Refusal exists(Sort sort, String name) {
        return Refusal.clash(sort.plural() + "." + sort.group() + " \"" + name + "\" already exists");
    }

    /// Declares one in another way.
    ///
    /// @param changes as in RFC 7396
    Shown patch(Sort sort, String namespace, String name, Manifest changes, Caller caller) {
        changes.check(sort, namespace);
        return database.inTransaction(tx -> {
            var found = declared(tx, sort, namespace, name, caller);
            if (found.isEmpty()) {
                one(tx, sort, namespace, name, caller); // says if it is not there
                throw KubeProblem.forbidden(name + " was not declared: there is nothing to declare in another way");
            }
            var shown = shown(tx, sort, found.get());
            changes.version()
                    .filter(seen -> !seen.equals(Long.toString(shown.version())))
                    .ifPresent(_ -> {
                        throw KubeProblem.conflict("the object has been modified; please apply your changes to the"
                                + " latest version and try again");
                    });
            var said = found.get().as(Declaration.class);
            var after = new Manifest(Manifest.merged(shown.tree().deepCopy(), changes.tree()));
            if (!after.spec().equals(said.spec())) {
                keeper(sort).change(tx, caller, said.made(), said.spec(), after.spec());
            }
            var next = said.with(after.labels(), after.annotations(), after.spec());
            return shown(
                    tx,
                    sort,
                    next.equals(said) ? found.get() : declarations.change(tx, found.get(), next, caller.user()));
        });
    }

    /// It is not wanted any more: what was made of it ends.
    ///
    /// @return as it was
    Shown delete(Sort sort, String namespace, String name, Caller caller) {
        return database.inTransaction(tx -> {
            var found = declared(tx, sort, namespace, name, caller);
            var shown = one(tx, sort, namespace, name, caller);
            end(tx, caller, shown, found.isPresent());
            found.ifPresent(one -> declarations.drop(tx, one, caller.user()));
            return shown;
        });
    }

    /// Of what was declared nothing may be left any more.
    private void end(Tx tx, Caller caller, Shown shown, boolean declared) {
        try {
            keeper(shown.sort()).end(tx, caller, shown);
        } catch (RefusedException e) {
            if (!declared || e.refusal().kind() != Refusal.Kind.NOT_THERE) {
                throw e;
            }
        }
    }

    /// As it is listed.
    static ObjectNode list(Sort sort, List<Shown> all) {
        var tree = Json.object().put("apiVersion", sort.apiVersion()).put("kind", sort.kind() + "List");
        long newest = all.stream().mapToLong(Shown::version).sum();
        tree.putObject("metadata").put("resourceVersion", Long.toString(newest));
        var items = tree.putArray("items");
        all.forEach(one -> items.add(one.tree()));
        return tree;
    }
}
