package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.User;
import holdfast.pools.clouds.Users;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// `/broker/users`: those who have a quota or permissions, by the name under which they log in. Everybody sees itself.
final class UsersApi extends Collection<User> {
    UsersApi(Desk desk) {
        super(desk, desk.configuration().users(), "users", "user", Target.USER);
    }

    @Override
    User read(Tx tx, Body body, Optional<Entry<User>> before) {
        return new User(body.limits(before.map(old -> old.value().limits()).orElse(Limits.NONE)));
    }

    @Override
    void guard(Tx tx, Ask ask, Body body, Optional<Entry<User>> before, Optional<UUID> parent) {
        quota(tx, ask, body, List.of());
        if (body.child("quota").isPresent() && name(body, before).equals(ask.who())) {
            throw own();
        }
    }

    private static Failure own() {
        return Failure.forbidden("nobody changes its own quota; ask somebody else who may change quotas");
    }

    /// Nor does anybody get rid of its quota by being written down anew.
    @Override
    Reply remove(Ask ask, UUID id) {
        boolean limited = id.equals(Users.id(ask.who()))
                && !desk.in(tx -> desk.configuration().users().limits(tx, ask.who()))
                        .equals(Limits.NONE);
        if (limited) {
            throw own();
        }
        return super.remove(ask, id);
    }

    @Override
    Reply create(Ask ask, Body body) {
        return desk.in(tx -> {
            ask.need(tx, Action.CREATE, target, List.of());
            guard(tx, ask, body, Optional.empty(), Optional.empty());
            var made = desk.configuration()
                    .users()
                    .add(tx, name(body, Optional.empty()), read(tx, body, Optional.empty()), ask.who())
                    .orThrow();
            return made(tx, ask, made);
        });
    }

    @Override
    Optional<Reply> special(Ask ask, List<String> rest) {
        boolean self = rest.equals(List.of(Users.id(ask.who()).toString()));
        return self && ask.method().equals(Ask.GET)
                ? desk.in(tx -> entries.find(tx, Users.id(ask.who())).map(user -> shown(tx, ask, user)))
                : Optional.empty();
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<User>> some) {
        return some.stream()
                .map(user -> tail(
                        head(ask, user)
                                .with("name", user.name())
                                .with(
                                        "self",
                                        Optional.of(true)
                                                .filter(_ -> user.name().equals(ask.who())))
                                .with(Shown.quota(user.value().limits())),
                        user))
                .toList();
    }
}
