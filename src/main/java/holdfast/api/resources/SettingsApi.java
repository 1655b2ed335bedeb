package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.engine.Resource;
import holdfast.engine.RuntimeSettings;
import holdfast.engine.RuntimeSettings.Known;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Settings that administrators change while the servers run (cattle.md 2.6). They are shown like any other resource.
final class SettingsApi {
    private static final String VALUE = "value";

    private final Database database;
    private final RuntimeSettings settings;
    private final Secrets secrets;
    private final Finder finder;
    private final Representation representation;

    SettingsApi(
            Database database,
            RuntimeSettings settings,
            Secrets secrets,
            Finder finder,
            Representation representation) {
        this.database = database;
        this.settings = settings;
        this.secrets = secrets;
        this.finder = finder;
        this.representation = representation;
    }

    /// What is shown of settings beside what is stored.
    static Part part(RuntimeSettings settings) {
        return (tx, page) -> page.stream().collect(toMap(Resource::id, one -> shown(settings, one)));
    }

    private static ObjectNode shown(RuntimeSettings settings, Resource setting) {
        var known = settings.find(setting.name());
        var standard = known.map(Known::standard);
        var value = RuntimeSettings.value(setting);
        var seen = known.filter(Known::isSecret).isPresent() ? Optional.<String>empty() : value.or(() -> standard);
        return Json.object()
                .put(VALUE, seen.orElse(null))
                .put("default", standard.orElse(null))
                .put("source", value.isPresent() ? "database" : "default");
    }

    /// `POST /v1/settings`: sets one by its name.
    HttpReply create(Ask ask) {
        ask.need(ask.kinds().find(RuntimeSettings.TYPE).orElseThrow(), 'c', false);
        var body = Bodies.object(ask);
        return Writes.created(set(ask, known(text(body, "name")), body));
    }

    /// `PUT /v1/settings/{id}`
    HttpReply update(Ask ask) {
        ask.need(ask.kinds().find(RuntimeSettings.TYPE).orElseThrow(), 'u', true);
        return HttpReply.json(200, set(ask, named(ask), Bodies.object(ask)));
    }

    /// `DELETE /v1/settings/{id}`: the standard holds again.
    HttpReply reset(Ask ask) {
        ask.need(ask.kinds().find(RuntimeSettings.TYPE).orElseThrow(), 'd', true);
        return HttpReply.json(200, write(ask, named(ask).name(), Optional.empty()));
    }

    private ObjectNode set(Ask ask, Known setting, ObjectNode body) {
        var value = text(body, VALUE);
        setting.rule().broken(value).ifPresent(rule -> {
            throw Problem.invalid("InvalidFormat", VALUE, setting.name() + seen(setting, value) + "; " + rule);
        });
        return write(ask, setting.name(), Optional.of(RuntimeSettings.kept(setting, value, secrets)));
    }

    private static String seen(Known setting, String value) {
        return setting.isSecret() ? " is not as it should be" : " is '" + Form.shorten(value) + "'";
    }

    private ObjectNode write(Ask ask, String name, Optional<String> value) {
        return database.inTransaction(tx -> representation.one(
                tx, ask, settings.set(tx, name, value, ask.caller().user())));
    }

    /// By its id, or by its name even if nobody has set it yet.
    private Known named(Ask ask) {
        return settings.find(ask.id())
                .orElseGet(() -> known(database.inTransaction(tx ->
                        finder.find(tx, ask, RuntimeSettings.TYPE, ask.id()).name())));
    }

    private Known known(String name) {
        return settings.find(name)
                .orElseThrow(() -> Problem.invalid(
                        "InvalidOption",
                        "name",
                        "there is no setting '" + Form.shorten(name) + "'" + Nearest.hint(name, settings.names())
                                + "; and process.P.handlers.list, .include and .exclude (also with pre.listeners and"
                                + " post.listeners) of each process P"));
    }

    /// Numbers and truth values are taken as they are written.
    private static String text(ObjectNode body, String field) {
        var value = body.path(field);
        if (!value.isString() && !value.isNumber() && !value.isBoolean()) {
            throw Problem.invalid(
                    body.has(field) ? "InvalidFormat" : "MissingRequired", field, field + " must be a text");
        }
        return value.asString("").strip();
    }
}
