package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Role;
import holdfast.pools.clouds.Right.Target;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `/broker/roles`: what each allows. Everybody sees them; administrators change them.
final class RolesApi extends Collection<Role> {
    private static final String SCOPE = "scope";
    private static final String PRIVILEGES = "privileges";
    private static final String TARGET = "target_type";
    private static final String ACTION = "action";

    RolesApi(Desk desk) {
        super(desk, desk.configuration().roles(), "roles", "role", Target.USER);
    }

    @Override
    boolean open() {
        return true;
    }

    @Override
    Role read(Tx tx, Body body, Optional<Entry<Role>> before) {
        var old = before.map(Entry::value);
        var scope = body.text(SCOPE)
                .map(word -> target(SCOPE, word))
                .or(() -> old.map(Role::scope))
                .orElseThrow(() -> Failure.invalid(SCOPE, "Scope can't be blank"));
        if (old.filter(role -> role.scope() != scope).isPresent()) {
            throw Failure.invalid(SCOPE, "Scope cannot be changed");
        }
        return new Role(
                scope,
                body.flag("assign_to_owner").or(() -> old.map(Role::owner)).orElse(false),
                body.many(PRIVILEGES)
                        .map(RolesApi::privileges)
                        .or(() -> old.map(Role::privileges))
                        .orElse(Map.of()));
    }

    static Target target(String field, String word) {
        return Target.named(word)
                .orElseThrow(() -> Failure.invalid(
                        field,
                        field + " must be one of "
                                + Stream.of(Target.values()).map(Target::word).collect(Collectors.joining(", "))));
    }

    private static Map<Target, Set<Action>> privileges(List<Body> said) {
        var privileges = new EnumMap<Target, Set<Action>>(Target.class);
        for (var one : said) {
            var target = target(TARGET, one.text(TARGET).orElse(""));
            var action = Action.named(one.text(ACTION).orElse(""))
                    .orElseThrow(() -> Failure.invalid(
                            ACTION,
                            "Action must be one of "
                                    + Stream.of(Action.values())
                                            .map(Action::word)
                                            .collect(Collectors.joining(", "))));
            privileges
                    .computeIfAbsent(target, _ -> EnumSet.noneOf(Action.class))
                    .add(action);
        }
        return privileges;
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<Role>> some) {
        return some.stream()
                .map(role -> {
                    var privileges = Element.many(PRIVILEGES);
                    new TreeMap<>(role.value().privileges())
                            .forEach((target, actions) -> new TreeSet<>(actions)
                                    .forEach(action -> privileges.with(Element.of("privilege")
                                            .attribute(TARGET, target.word())
                                            .attribute(ACTION, action.word()))));
                    return tail(
                            head(ask, role)
                                    .with("name", role.name())
                                    .with(SCOPE, role.value().scope().word())
                                    .with("assign_to_owner", role.value().owner())
                                    .with(privileges),
                            role);
                })
                .toList();
    }
}
