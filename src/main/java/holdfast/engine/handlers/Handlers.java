package holdfast.engine.handlers;

import static holdfast.db.Tables.RESOURCE;

import holdfast.engine.Engine;
import holdfast.engine.Hooks;
import holdfast.engine.Registry;
import holdfast.engine.Resources;
import holdfast.engine.RuntimeSettings;
import holdfast.engine.Step;
import holdfast.engine.handlers.Handler.Group;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The handlers outside that are active now with their [Companions], and their part in processes. Kept in memory until
/// the database counts a
/// change of any of them, on whichever server.
public final class Handlers implements Hooks, Registry.Reader {
    /// The type of external handlers.
    public static final String TYPE = Handler.TYPE;

    private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);
    private static final int MOST = 10_000;
    static final Duration GIVE_UP = Duration.ofHours(24);

    private final Database database;
    private final Resources resources;
    private final Calls calls;
    private final Merging merging;
    private final Companions companions;
    private final RuntimeSettings settings;
    private volatile List<Handler> active = List.of();

    public Handlers(Platform platform, Database database, Engine engine, Calls calls, Merging merging) {
        this.database = database;
        this.resources = engine.resources();
        this.calls = calls;
        this.merging = merging;
        this.companions = new Companions(platform, engine);
        this.settings = engine.settings();
    }

    /// Lets handlers take part in the processes of `engine`; before its start.
    public void attach(Engine engine) {
        companions.follow();
        engine.attach(this);
        engine.registry().add(this);
    }

    @Override
    public Plan plan(String process) {
        var name = process.toLowerCase(Locale.ROOT);
        var active = this.active;
        var logic = hooks(active, name, Group.LOGIC);
        var late = logic.stream().filter(this::comesAfterOwnSteps).toList();
        return new Plan(
                hooks(active, name, Group.PRE),
                logic.stream().filter(hook -> !late.contains(hook)).toList(),
                late,
                hooks(active, name, Group.POST));
    }

    /// Those that hook into it, as far as settings do not say otherwise (cattle.md 6.5).
    private List<Hook> hooks(List<Handler> active, String process, Group group) {
        var included = names(process, group, "include").orElse(List.of());
        var excluded = names(process, group, "exclude").orElse(List.of());
        var hooks = active.stream()
                .filter(handler -> !excluded.contains(handler.name()))
                .flatMap(handler -> {
                    var own = handler.on(process).stream()
                            .filter(hooked -> hooked.group() == group)
                            .map(hooked -> hooked.event(process, handler.name()))
                            .toList();
                    return own.isEmpty() && included.contains(handler.name())
                            ? Stream.of(new Hook(handler.id(), group.prefix() + process + ";handler=" + handler.name()))
                            : own.stream().map(event -> new Hook(handler.id(), event));
                })
                .distinct()
                .toList();
        return names(process, group, "list")
                .map(order -> order.stream()
                        .flatMap(
                                name -> hooks.stream().filter(hook -> hook.who().equals(name)))
                        .distinct()
                        .toList())
                .orElse(hooks);
    }

    private boolean comesAfterOwnSteps(Hook hook) {
        return find(hook.handler()).filter(Handler::comesAfterOwnSteps).isPresent();
    }

    private Optional<List<String>> names(String process, Group group, String kind) {
        return settings.list("process." + process + "." + group.point() + "." + kind);
    }

    @Override
    public Step step(Hook hook, String group) {
        var name = group + " " + hook.name();
        var call = new CallStep(this, database, calls, new Waiting(calls), merging, hook, name);
        return Step.of(name, call::run, call::undo)
                .within(GIVE_UP.plusHours(1))
                .retrying(Step.Retry.HANDLER.upTo(settings.longestPause()));
    }

    /// The handler of that id, if it is active.
    Optional<Handler> find(UUID id) {
        return active().stream().filter(one -> one.id().equals(id)).findFirst();
    }

    /// The handler of a hook, if it still takes part so.
    Optional<Handler> find(Hook hook) {
        return find(hook.handler())
                .filter(handler -> handler.called(hook.name()).isPresent() || isIncluded(hook));
    }

    /// Whether each is asked twice.
    boolean areChecked() {
        return settings.isCheckingHandlers();
    }

    private boolean isIncluded(Hook hook) {
        var event = hook.name().substring(0, hook.name().indexOf(";handler="));
        return Stream.of(Group.values())
                .filter(group -> event.startsWith(group.prefix()))
                .flatMap(group -> names(event.substring(group.prefix().length()), group, "include").stream())
                .anyMatch(names -> names.contains(hook.who()));
    }

    /// In the order in which they take part.
    private List<Handler> active() {
        return active;
    }

    @Override
    public void read(Tx tx) {
        active = all(tx);
    }

    private List<Handler> all(Tx tx) {
        var configs = companions.active(tx);
        return resources
                .list(
                        tx,
                        Resources.typed(Handler.TYPE)
                                .and(RESOURCE.STATE.in("active", "updating-active"))
                                .and(Resources.present()),
                        MOST)
                .stream()
                .flatMap(resource -> {
                    try {
                        return Optional.of(Handler.of(
                                        resource,
                                        configs.getOrDefault(resource.id().toString(), List.of()),
                                        settings))
                                .stream();
                    } catch (RuntimeException e) {
                        LOG.warn("handler {} {} takes no part: {}", resource.name(), resource.id(), e.toString());
                        return Optional.<Handler>empty().stream();
                    }
                })
                .sorted(Handler.ORDER)
                .toList();
    }
}
