package holdfast.broker.choice;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A place of the calendar with what is known of it.
///
/// @param id its name in the book; accounts and zones sort before hosts
/// @param provider whose it is: the id of the account, also of the account itself
/// @param zone id of its zone, for hosts and zones
/// @param free what is free of it from [Snapshot#now] on; it is read and never changed
/// @param about what it is
public record Place(String id, String provider, Optional<String> zone, Profile free, About about) {
    /// What a place is.
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(Account.class),
        @JsonSubTypes.Type(Zone.class),
        @JsonSubTypes.Type(Host.class),
        @JsonSubTypes.Type(Network.class),
        @JsonSubTypes.Type(Thing.class)
    })
    public sealed interface About {}

    /// All that a provider gives us: its limits.
    public record Account() implements About {}

    /// An availability zone.
    public record Zone() implements About {}

    /// A hypervisor.
    ///
    /// @param number order among equals; its unit is `host:<number>`
    /// @param rack where it stands, if known
    /// @param size what a lease of the whole host takes of `vcpu`, `memory_mb` and `disk_gb`
    /// @param cleaning gap after each claim before a lease of the whole may begin, and after such a lease
    /// @param reservable false = nothing new goes there
    /// @param properties what queries ask about, by name
    /// @param projects who has claims on it
    /// @param lent what somebody has of it now who leaves when it is needed; it counts as free
    public record Host(
            long number,
            Optional<String> rack,
            Capacities size,
            Duration cleaning,
            boolean reservable,
            Map<String, String> properties,
            Set<String> projects,
            Capacities lent)
            implements About {
        @SuppressWarnings("NullAway") // what was decided before this was looked at has none
        public Host {
            lent = Objects.requireNonNullElse(lent, Capacities.NONE);
            properties = Map.copyOf(properties);
            projects = Set.copyOf(projects);
        }

        String unit() {
            return "host:" + number;
        }
    }

    /// A network that gives addresses.
    ///
    /// @param addresses names of its units: those that may be reserved
    public record Network(List<String> addresses) implements About {
        public Network {
            addresses = addresses.stream().sorted().toList();
        }
    }

    /// Anything else that has a name and of which [Dimensions#WHOLE] is counted.
    public record Thing() implements About {}
}
