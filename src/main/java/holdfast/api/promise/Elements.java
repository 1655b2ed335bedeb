package holdfast.api.promise;

import holdfast.broker.Directory;
import holdfast.broker.Reservation;
import holdfast.broker.Thing;
import holdfast.broker.choice.Need;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What exists and is claimed (promise.md 4.7), as Promise's users name it.
final class Elements {
    /// What may be said.
    static final String WORDS = String.join(", ", Thing.Kind.words()) + ", each with a name or id behind it, such as"
            + " network:private; ResourceAllocation:<id> and ResourceReservation:<id> are known, too";

    private static final Map<Ref.Kind, Thing.Kind> OURS =
            Map.of(Ref.Kind.ALLOCATION, Thing.Kind.SERVER, Ref.Kind.RESERVATION, Thing.Kind.RESERVATION);

    private Elements() {}

    /// @param provider the account whose it is, if that was said
    static Optional<Thing> read(String text, Directory directory, Optional<String> provider) {
        var ref = Ref.of(text);
        if (ref.kind().isPresent()) {
            return ref.kind()
                    .flatMap(kind -> Optional.ofNullable(OURS.get(kind)))
                    .flatMap(kind -> directory.thing(kind, provider, ref.name()));
        }
        int colon = text.indexOf(':');
        return colon < 0 || colon == text.length() - 1
                ? Optional.empty()
                : Thing.Kind.of(text.substring(0, colon))
                        .flatMap(kind -> directory.thing(kind, provider, text.substring(colon + 1)));
    }

    /// The same in the words of [#of]; what is no name of anything stays as it is.
    static List<String> words(List<String> texts, Directory directory) {
        return texts.stream()
                .map(text -> read(text, directory, Optional.empty())
                        .map(Elements::word)
                        .orElse(text))
                .toList();
    }

    private static String word(Thing thing) {
        return thing.kind().word() + ":" + thing.name();
    }

    /// As they can be asked for again.
    static List<String> of(Reservation reservation) {
        return reservation.items().stream()
                .filter(part -> part.item().need() instanceof Need.Elements)
                .flatMap(part -> ((Need.Elements) part.item().need()).elements().stream())
                .flatMap(element -> Thing.at(element.id()).stream())
                .map(Elements::word)
                .toList();
    }
}
