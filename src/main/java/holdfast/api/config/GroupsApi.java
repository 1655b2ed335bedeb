package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Group;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/broker/user_groups`.
final class GroupsApi extends Collection<Group> {
    private static final String USERS = "users";

    GroupsApi(Desk desk) {
        super(desk, desk.configuration().groups(), "user_groups", "user_group", Target.USER);
    }

    @Override
    Group read(Tx tx, Body body, Optional<Entry<Group>> before) {
        var old = before.map(Entry::value).orElseGet(() -> new Group("", Set.of()));
        return new Group(
                body.text("description").orElse(old.description()),
                body.ids(USERS).map(Set::copyOf).orElse(old.members()));
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<Group>> some) {
        return some.stream()
                .map(group -> tail(
                        head(ask, group)
                                .with("name", group.name())
                                .with("description", group.value().description())
                                .with(ChoiceApi.refs(
                                        ask, USERS, "user", group.value().members())),
                        group))
                .toList();
    }
}
