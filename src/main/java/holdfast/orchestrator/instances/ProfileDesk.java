package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.HardwareProfile;
import java.util.Optional;

/// Front-end hardware profiles, as one caller may change them (aeolus.md 5.4.3). They are the same for all pools.
public interface ProfileDesk {
    boolean mayAdd();

    /// @param id of one that the caller sees
    boolean mayChange(String id);

    /// Counts the changes of one; empty if it is not there.
    Optional<Long> version(String id);

    /// Adds one, which belongs to the caller then.
    ///
    /// @param profile whose id does not count
    /// @return as it is kept; NOT_YOURS, MALFORMED if it breaks a rule or the name is taken
    Answer<HardwareProfile> add(HardwareProfile profile);

    /// Changes the one of the same id. What was launched with it before stays as it is.
    ///
    /// @param version that was read; empty = any
    /// @return as it is kept; NOT_THERE, NOT_YOURS, MALFORMED, CLASH if it was changed since
    Answer<HardwareProfile> change(HardwareProfile profile, Optional<Long> version);

    /// @return what it was; NOT_THERE, NOT_YOURS
    Answer<HardwareProfile> remove(String id);
}
