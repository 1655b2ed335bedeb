package holdfast.api.deltacloud;

import holdfast.core.Caller;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What one client asks.
///
/// @param path below the collection
/// @param fields blank ones are as if they were not there
/// @param form of the answer
/// @param driver `broker`, or that of a type of providers
/// @param provider name or id of the pool
/// @param offering tells [#offer]
/// @param cloud finds the pool; throws [RefusedException], or [Problem] for whom nobody knows
record Ask(
        HttpRequest request,
        List<String> path,
        Map<String, String> fields,
        Form form,
        Links links,
        String driver,
        Optional<String> provider,
        Optional<Caller> caller,
        Supplier<AccountThings.Offer> offering,
        Supplier<VirtualCloud> cloud,
        Supplier<AccountThings> things) {
    static final String BROKER = "broker";

    /// What the pool has beside instances.
    AccountThings.Offer offer() {
        return offering.get();
    }

    /// What stands in place of the first `*`.
    String id() {
        return path.getFirst();
    }

    Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name)).filter(value -> !value.isBlank());
    }

    /// A collection, narrowed to the field `id` if there is one.
    ///
    /// @param all are taken as they are written
    Told listed(String collection, Stream<Entity> all) {
        return new Told.Listed(
                collection,
                all.filter(one -> field("id").map(one.id()::equals).orElse(true))
                        .iterator());
    }

    /// One that [Operation#check] has seen.
    String required(String name) {
        return field(name).orElseThrow(() -> Problem.malformed("Required parameter '" + name + "' not found in []"));
    }

    int number(String name, int least, int most) {
        var text = required(name);
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw Problem.malformed("Parameter '" + name + "' is '" + Problem.shorten(text)
                + "', which is no whole number from " + least + " to " + most);
    }

    /// The values of `<prefix>1`, `<prefix>2` and so on.
    List<String> numbered(String prefix, int most) {
        return IntStream.rangeClosed(1, most)
                .mapToObj(number -> field(prefix + number))
                .flatMap(Optional::stream)
                .toList();
    }
}
