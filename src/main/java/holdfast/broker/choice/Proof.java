package holdfast.broker.choice;

import holdfast.calendar.Profile;
import holdfast.calendar.Shortage;
import holdfast.core.Capacities;
import holdfast.core.Certificate;
import holdfast.core.Interval;
import java.util.Optional;

/// Checks a [Certificate].
public final class Proof {
    private Proof() {}

    /// Whether the profile of the place has exactly so little at that instant, and at no instant before it in
    /// `when` less than is wanted. O(log n).
    ///
    /// @param free what is free of the place
    /// @param when the asked time; of a demand in steps, the step in which the instant lies
    public static boolean holds(Certificate certificate, Profile free, Interval when) {
        var wanted = Capacities.of(certificate.dimension(), certificate.wanted());
        return free.firstViolation(wanted, when)
                .equals(Optional.of(new Shortage(
                        certificate.dimension(), certificate.at(), certificate.wanted(), certificate.free())));
    }
}
