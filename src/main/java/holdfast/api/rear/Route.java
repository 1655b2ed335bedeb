package holdfast.api.rear;

import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.Reply;
import holdfast.platform.HttpReply;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is served under one path by one method.
///
/// @param path its segments; `*` stands for any one
record Route(String method, List<String> path, Way way) {
    private static final String ANY = "*";

    /// By the first segment below the base: what is asked there, as rules call it.
    private static final Map<String, Message> MESSAGES = Map.of(
            "flavors", Message.LIST,
            "reservations", Message.RESERVE,
            "transactions", Message.CANCEL,
            "contracts", Message.CONTRACT,
            "domain", Message.DOMAIN,
            "catalog", Message.CATALOG,
            "subscriptions", Message.EVENTS);

    private static final int BASE = 2;

    /// How it is answered.
    sealed interface Way permits Action, Wait, Listen, Join {}

    /// Answers in a transaction, which is kept whatever the answer is.
    non-sealed interface Action extends Way {
        /// @throws RearProblem if it is refused
        /// @throws holdfast.core.RefusedException if it is refused
        Reply answer(Tx tx, Asked asked);
    }

    /// Answers in transactions of its own, and may wait between them.
    non-sealed interface Wait extends Way {
        /// @throws RearProblem if it is refused
        /// @throws holdfast.core.RefusedException if it is refused
        Reply answer(Asked asked);
    }

    /// Answers with a connection, if that is asked for as a WebSocket.
    non-sealed interface Join extends Way {
        /// @throws RearProblem if it is refused
        /// @throws holdfast.core.RefusedException if it is refused
        HttpReply.Tunnel open(Asked asked);
    }

    /// Answers as [Wait], or with a stream that has no end.
    interface Endless {
        /// @throws RearProblem if it is refused
        HttpReply.Events stream(Asked asked);
    }

    /// May be answered in two ways.
    ///
    /// @param endless if [Subscribing#isEndless]
    record Listen(Wait some, Endless endless) implements Way {}

    /// @param path below `/api/v2`
    static Route listening(String path, Wait some, Endless endless) {
        return new Route("GET", List.of(("api/v2/" + path).split("/")), new Listen(some, endless));
    }

    /// @param path below `/api/v2`
    static Route of(String method, String path, Action action) {
        return at(method, path, action);
    }

    /// @param path below `/api/v2`
    static Route waiting(String method, String path, Wait wait) {
        return at(method, path, wait);
    }

    /// @param path below `/api/v2`
    static Route joining(String path, Join join) {
        return at("GET", path, join);
    }

    private static Route at(String method, String path, Way way) {
        return new Route(method, List.of(("api/v2/" + path).split("/")), way);
    }

    /// What is asked, as rules call it; empty if everybody may ask it.
    ///
    /// @throws IllegalStateException if rules have no word for it
    Optional<Message> message() {
        var first = path.get(BASE);
        if (way instanceof Join) {
            return Optional.of(Message.MAIL); // it shows the secret of a contract, too
        }
        return switch (path.getLast()) {
            case "capabilities" -> Optional.empty();
            case "purchase" -> Optional.of(Message.PURCHASE);
            case "mail" -> Optional.of(Message.MAIL);
            default -> {
                if (!MESSAGES.containsKey(first)) {
                    throw new IllegalStateException("no rule speaks of " + first);
                }
                yield Optional.of(MESSAGES.get(first));
            }
        };
    }

    /// Method and path below the base.
    String question() {
        return method + " " + String.join("/", path.subList(BASE, path.size()));
    }

    /// The same, answered another way.
    Route by(Way other) {
        return new Route(method, path, other);
    }

    boolean isAt(List<String> segments) {
        if (segments.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!path.get(i).equals(ANY) && !path.get(i).equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// What stands in place of `*`.
    String name(List<String> segments) {
        int at = path.indexOf(ANY);
        return at < 0 ? "" : segments.get(at);
    }
}
