package holdfast;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import holdfast.federation.trust.Caller;
import holdfast.federation.trust.Rights;
import holdfast.federation.trust.Rights.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An exception from what others usually may do. One of `permit` and `deny` must be there.
///
/// @param permit what may be done: `list`, `reserve`, ..., or `all`
/// @param deny what may not be done
/// @param from `own` for nodes of this domain, `peer` for these and peers, `anybody`; peers unless said
///     otherwise
/// @param domain such as `alps.example`, or `*.alps.example`
/// @param role such as `supernode`
/// @param flavor such as `type=service`
record FederationRight(
        Optional<List<String>> permit,
        Optional<List<String>> deny,
        Optional<String> from,
        Optional<String> domain,
        Optional<String> role,
        Optional<String> flavor) {
    Rights.Rule rule() {
        if (permit.isPresent() == deny.isPresent()) {
            throw FederationSettings.wrong(
                    "rights", "has a rule with both permit and deny, or with neither; write one of them");
        }
        return new Rights.Rule(
                standing(),
                domain,
                role,
                permit.or(() -> deny).orElseThrow().stream()
                        .flatMap(FederationRight::messages)
                        .collect(toSet()),
                flavor.map(text -> Rights.Label.of(text)
                        .orElseThrow(() -> FederationSettings.wrong(
                                "rights", "has flavor: '" + text + "'; write such as type=service or id=alps-*"))),
                permit.isPresent());
    }

    private Caller.Standing standing() {
        return switch (from.orElse("peer")) {
            case "own" -> Caller.Standing.OWN;
            case "peer" -> Caller.Standing.PEER;
            case "anybody" -> Caller.Standing.ANYBODY;
            default ->
                throw FederationSettings.wrong("rights", "has from: '" + from.get() + "'; write own, peer or anybody");
        };
    }

    private static Stream<Message> messages(String word) {
        return word.equals("all")
                ? Arrays.stream(Message.values())
                : Stream.of(Message.of(word)
                        .orElseThrow(() -> FederationSettings.wrong(
                                "rights",
                                "names '" + word + "'; there are: all, "
                                        + Arrays.stream(Message.values())
                                                .map(Message::word)
                                                .collect(joining(", ")))));
    }
}
