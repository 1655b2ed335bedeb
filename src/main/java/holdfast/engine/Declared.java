package holdfast.engine;

import static holdfast.db.Tables.DECLARED_TYPE;
import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.types.Extension;
import holdfast.engine.types.Relations;
import holdfast.engine.types.ResourceType;
import holdfast.engine.types.TypeFile;
import holdfast.engine.types.TypeReader;
import holdfast.engine.types.Types;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The types and processes that are data: those of the file, and those that somebody declared while the servers ran.
/// What is declared is kept in the database, so that it survives a restart and every server knows it.
public final class Declared implements Registry.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(Declared.class);
    private static final int MOST = 1_000;

    private final Platform platform;
    private final Types types;
    private final Definitions definitions;
    private final Lifecycles lifecycles;
    private final Registry registry;

    Declared(Platform platform, Types types, Definitions definitions, Lifecycles lifecycles, Registry registry) {
        this.platform = platform;
        this.types = types;
        this.definitions = definitions;
        this.lifecycles = lifecycles;
        this.registry = registry;
        know(TypeFile.standard());
    }

    /// Adds a type (see [TypeReader] for its shape).
    ///
    /// @return MALFORMED with the path of the part at fault, or CLASH if there are too many
    public Answer<ResourceType> add(Tx tx, JsonNode definition, String who) {
        read(tx);
        return switch (TypeReader.posted(definition)) {
            case Answer.No<ResourceType>(var why) -> Answer.no(why);
            case Answer.Yes<ResourceType>(var type)
            when types.find(type.name()).isPresent() ->
                Answer.no(Refusal.clash("there is a type " + type.name() + " already; choose another name"));
            case Answer.Yes<ResourceType>(var type) ->
                switch (new Relations(types.all()).check(type)) {
                    case Answer.No<ResourceType>(var why) -> Answer.no(why);
                    case Answer.Yes<ResourceType>(var right) -> kept(tx, right.name(), definition, right, who);
                };
        };
    }

    /// Adds a process to a type that is data.
    ///
    /// @param process in the shape of an entry of `processes` (see [TypeReader])
    /// @return NOT_THERE if there is no such type, MALFORMED with the path of the part at fault, or CLASH
    public Answer<ResourceType> addProcess(Tx tx, String type, String verb, JsonNode process, String who) {
        read(tx);
        var found = types.named(type);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no type " + type));
        }
        return switch (Extension.of(found.get(), verb, process)) {
            case Answer.No<ResourceType>(var why) -> Answer.no(why);
            case Answer.Yes<ResourceType>(var extended) ->
                switch (new Relations(types.all()).check(extended)) {
                    case Answer.No<ResourceType>(var why) -> Answer.no(why);
                    case Answer.Yes<ResourceType>(var right) ->
                        kept(tx, right.name() + "." + verb, process, right, who);
                };
        };
    }

    private Answer<ResourceType> kept(Tx tx, String name, JsonNode body, ResourceType type, String who) {
        if (tx.sql().fetchCount(DECLARED_TYPE) >= MOST) {
            return Answer.no(Refusal.clash("there are " + MOST + " declared types and processes already"));
        }
        int rows = tx.sql()
                .insertInto(DECLARED_TYPE)
                .set(DECLARED_TYPE.NAME, name)
                .set(DECLARED_TYPE.BODY, Json.jsonb(body))
                .set(DECLARED_TYPE.WHO, who)
                .set(DECLARED_TYPE.CREATED, platform.now())
                .onConflictDoNothing()
                .execute();
        if (rows == 0) {
            return Answer.no(Refusal.clash(name + " was declared by somebody else at this moment"));
        }
        registry.changed(tx);
        return Answer.yes(type);
    }

    /// Forgets a declared type and its processes.
    ///
    /// @return why that cannot be
    public Optional<Refusal> remove(Tx tx, String name) {
        var type = types.named(name);
        if (type.isEmpty() || type.get().origin() != ResourceType.Origin.POSTED) {
            return Optional.of(Refusal.clash(name + " is not a type that was declared while the servers ran"));
        }
        registry.changed(tx); // whoever makes a resource of it meanwhile waits for us or we for them
        if (tx.sql().fetchExists(RESOURCE, RESOURCE.TYPE.eq(type.get().name()))) {
            return Optional.of(Refusal.clash("there are resources of type "
                    + type.get().name() + ", removed ones among them; the type can go when they are purged"));
        }
        tx.sql()
                .deleteFrom(DECLARED_TYPE)
                .where(DECLARED_TYPE
                        .NAME
                        .eq(type.get().name())
                        .or(DECLARED_TYPE.NAME.startsWith(type.get().name() + ".")))
                .execute();
        return Optional.empty();
    }

    @Override
    public void read(Tx tx) {
        var known = new LinkedHashMap<String, ResourceType>();
        TypeFile.standard().forEach(type -> known.put(type.name(), type));
        tx.sql()
                .selectFrom(DECLARED_TYPE)
                .orderBy(DECLARED_TYPE.CREATED, DECLARED_TYPE.NAME)
                .forEach(row -> {
                    switch (declared(
                            known, row.getName(), Json.tree(row.getBody().data()))) {
                        case Answer.Yes<ResourceType>(var type) -> known.put(type.name(), type);
                        case Answer.No<ResourceType>(var why) ->
                            LOG.error("the declared type {} is left out: {}", row.getName(), why.message());
                    }
                });
        know(List.copyOf(known.values()));
    }

    private static Answer<ResourceType> declared(Map<String, ResourceType> known, String name, JsonNode body) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            return TypeReader.posted(body);
        }
        return Optional.ofNullable(known.get(name.substring(0, dot)))
                .map(type -> Extension.of(type, name.substring(dot + 1), body))
                .orElseGet(() -> Answer.no(Refusal.notThere("its type is not there")));
    }

    private void know(List<ResourceType> all) {
        types.replace(all);
        definitions.replace(lifecycles.all(all.stream()));
    }
}
