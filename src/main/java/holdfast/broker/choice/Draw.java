package holdfast.broker.choice;

import holdfast.calendar.Profile;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Certificate;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Whether an item of a reservation has room for a server, and on which of its hosts (promise.md 4.3).
///
/// @param amount what the server takes of the item
/// @param when from its start to its end
/// @param left what is left of the item
/// @param hosts what is left of each host of the item, by its place in the book of the broker; none for loose
///     quantities, which promise no host
/// @param ofHost what the server takes of a host, from its start on until it is gone
public record Draw(
        UUID item,
        Capacities amount,
        Interval when,
        Profile left,
        Optional<Map<String, Profile>> hosts,
        Capacities ofHost) {
    /// What is drawn.
    ///
    /// @param amount of the item
    /// @param host its place in the book of the broker, if one is promised
    public record Drawn(Capacities amount, Optional<String> host) {}

    /// The host that is nearly full already, so that others stay free for what is large; or what is missing.
    public Answer<Drawn> decide() {
        var shortage = left.firstViolation(amount, when);
        if (shortage.isPresent()) {
            var found = shortage.get();
            var shown = new Certificate(item.toString(), found.dimension(), found.at(), found.wanted(), found.free());
            return Answer.no(Refusal.noRoom(
                            "too little " + found.dimension() + " is left of item " + item + " of the reservation at "
                                    + found.at() + ": " + found.wanted() + " is wanted, " + found.free()
                                    + " is left; destroy something of it, or take a smaller flavor",
                            Optional.empty())
                    .because("capacity", Optional.of(shown), true));
        }
        if (hosts.isEmpty()) {
            return Answer.yes(new Drawn(amount, Optional.empty()));
        }
        return host(hosts.get())
                .<Answer<Drawn>>map(host -> Answer.yes(new Drawn(amount, Optional.of(host))))
                .orElseGet(() -> Answer.no(Refusal.noRoom(
                                "no host of item " + item + " of the reservation has " + ofHost
                                        + " left at one place; destroy something of it, or take a smaller flavor",
                                Optional.empty())
                        .because("placement", Optional.empty(), true)));
    }

    private Optional<String> host(Map<String, Profile> seats) {
        var ever = Interval.since(when.from());
        var leading = ofHost.get(Dimensions.VCPU) > 0 ? Dimensions.VCPU : Dimensions.INSTANCE;
        var free = new TreeMap<String, Capacities>();
        seats.forEach((host, profile) -> free.put(host, profile.min(ever)));
        return free.entrySet().stream()
                .filter(one -> ofHost.fitsIn(one.getValue()))
                .min(Comparator.<Map.Entry<String, Capacities>>comparingLong(
                                one -> one.getValue().get(leading))
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey);
    }
}
