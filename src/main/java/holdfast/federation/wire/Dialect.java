package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The two ways to speak REAR (fluidos.md 5.1): what nodes speak, and what is documented. A question is answered in its
/// own.
public enum Dialect {
    NODE(new NodeDialect()),
    DOC(new DocDialect());

    private static final List<String> BASE = List.of("api", "v2");
    private static final String FLAVORS = "flavors";
    private static final String RESERVATIONS = "reservations";
    private static final String PROFILE = "rear-doc";
    private static final String SLICES = "k8slices";
    private static final String SENSORS = "sensors";

    private final RearWriter writer;

    Dialect(RearWriter writer) {
        this.writer = writer;
    }

    public RearWriter writer() {
        return writer;
    }

    /// LIST_FLAVORS: all of them, or those of one type that match.
    public Call list(Optional<Selector> selector) {
        return asked(selector.map(
                        some -> Call.get(path(FLAVORS, segment(some.type()))).asking(SelectorQuery.write(some, this)))
                .orElseGet(() -> Call.get(path(FLAVORS))));
    }

    /// RESERVE_FLAVOR.
    public Call reserve(Transaction.Ask ask) {
        return asked(Call.post(path(RESERVATIONS), writer.reserve(ask)));
    }

    /// PURCHASE_FLAVOR.
    public Call purchase(String transaction, Contract.Ask ask) {
        return asked(Call.post(path("transactions", transaction, "purchase"), writer.purchase(ask)));
    }

    /// The dialect that a question shows: by its path, by `profile="rear-doc"` in `Accept` or `Content-Type`, or by
    /// the key `Buyer` in a reservation. Empty if it shows none: then it is [#NODE], or in a purchase that in which
    /// was reserved.
    public static Optional<Dialect> of(Call call) {
        var path = call.path();
        boolean documented = path.size() > 3 && path.get(2).equals(FLAVORS) && isDocumented(path.get(3))
                || Stream.of("accept", "content-type")
                        .flatMap(header -> call.header(header).stream())
                        .anyMatch(Dialect::hasProfile)
                || path.size() == 3 && path.get(2).equals(RESERVATIONS) && hasBuyer(call.body());
        return documented ? Optional.of(DOC) : Optional.empty();
    }

    /// The dialect of that name, whatever the case; empty if there is none.
    public static Optional<Dialect> named(String name) {
        return Stream.of(values())
                .filter(dialect -> dialect.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /// The type of flavors of which a last segment lists those that match, in either dialect.
    public static Optional<FlavorType> listed(String segment) {
        return Optional.ofNullable(Map.of(
                        "k8slice",
                        FlavorType.K8SLICE,
                        SLICES,
                        FlavorType.K8SLICE,
                        "service",
                        FlavorType.SERVICE,
                        "vm",
                        FlavorType.VM,
                        SENSORS,
                        FlavorType.SENSOR)
                .get(segment));
    }

    private String segment(FlavorType type) {
        return switch (type) {
            case K8SLICE -> this == DOC ? SLICES : type.word();
            case SENSOR -> SENSORS;
            case VM, SERVICE -> type.word();
        };
    }

    /// The question, asked so that the answer comes in this dialect.
    Call asked(Call call) {
        return this == DOC ? call.with("accept", "application/json; profile=\"" + PROFILE + "\"") : call;
    }

    private static boolean isDocumented(String segment) {
        return segment.equals(SLICES) || segment.equals(SENSORS);
    }

    private static boolean hasProfile(String type) {
        return type.replace("\"", "").replace(" ", "").contains("profile=" + PROFILE);
    }

    private static boolean hasBuyer(String body) {
        return Loose.read(body) instanceof Answer.Yes<JsonNode>(var message)
                && Loose.member(message, "Buyer").isPresent()
                && Loose.member(message, "buyerID").isEmpty();
    }

    /// @param segments below the base of all questions
    static List<String> path(String... segments) {
        var path = new ArrayList<>(BASE);
        path.addAll(List.of(segments));
        return path;
    }
}
