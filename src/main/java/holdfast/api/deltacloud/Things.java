package holdfast.api.deltacloud;

import holdfast.orchestrator.instances.AccountThing;
import holdfast.orchestrator.instances.Wish;
import java.util.Map;
import java.util.function.Function;

/// What all collections at accounts have in common: their things are listed, shown, made, changed and deleted.
///
/// @param name of the collection
/// @param kind as it is called in documents
/// @param fields tells one, of which id and address are told already
record Things<T extends AccountThing>(String name, String kind, Class<T> type, Fields<T> fields) {
    /// Tells the rest of a thing.
    interface Fields<T> {
        void tell(Entity entity, Ask ask, T thing);
    }

    Operation index() {
        return Operation.of(
                "index",
                "GET",
                "id",
                ask -> ask.listed(name, ask.things().get().list(type).stream().map(thing -> entity(ask, thing))));
    }

    Operation show() {
        return Operation.of(
                "show",
                "GET *",
                "",
                ask -> ask.things()
                        .get()
                        .find(type, ask.id())
                        .map(thing -> Told.ok(Document.of(entity(ask, thing))))
                        .orElseThrow(() -> Problem.notThere(kind, ask.id())));
    }

    Operation destroy() {
        return Operation.of("destroy", "DELETE *", "", ask -> {
            ask.things().get().delete(type, ask.id()).orThrow();
            return Told.gone();
        });
    }

    Operation create(String params, Function<Ask, Wish<T>> wish) {
        return made("create", "POST", params, wish);
    }

    /// One that answers 201.
    Operation made(String operation, String path, String params, Function<Ask, Wish<T>> wish) {
        return Operation.of(operation, path, params, ask -> {
            var entity = entity(ask, ask.things().get().make(wish.apply(ask)).orThrow());
            return Told.created(Document.of(entity), ask.links().member(name, entity.id()));
        });
    }

    /// Changes one, and tells it then.
    ///
    /// @param status 200, or 202 if it may last
    Operation changed(String operation, int status, String params, Function<Ask, Wish<T>> wish) {
        return Operation.of(operation, "POST */" + operation, params, ask -> {
            var entity = entity(ask, ask.things().get().make(wish.apply(ask)).orThrow());
            return new Told.Shown(status, Document.of(entity), Map.of());
        });
    }

    private Entity entity(Ask ask, T thing) {
        var entity = new Entity(kind, thing.id(), ask.links().member(name, thing.id()));
        fields.tell(entity, ask, thing);
        return entity;
    }
}
