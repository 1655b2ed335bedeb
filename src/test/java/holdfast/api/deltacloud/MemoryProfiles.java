package holdfast.api.deltacloud;

import holdfast.core.Answer;
import holdfast.core.HardwareProfile;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.ProfileDesk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Hardware profiles in memory; those that were there from the start stay as they are. A new one has its name as id.
final class MemoryProfiles implements ProfileDesk {
    private final Map<String, HardwareProfile> profiles = new LinkedHashMap<>();
    private final List<HardwareProfile> fixed;

    MemoryProfiles(HardwareProfile... fixed) {
        this.fixed = List.of(fixed);
        this.fixed.forEach(one -> profiles.put(one.id(), one));
    }

    List<HardwareProfile> all() {
        return List.copyOf(profiles.values());
    }

    @Override
    public boolean mayAdd() {
        return true;
    }

    @Override
    public boolean mayChange(String id) {
        return fixed.stream().noneMatch(one -> one.id().equals(id));
    }

    @Override
    public Optional<Long> version(String id) {
        return Optional.of(1L);
    }

    @Override
    public Answer<HardwareProfile> add(HardwareProfile one) {
        return change(
                new HardwareProfile(
                        one.name(),
                        one.name(),
                        one.memory(),
                        one.cpu(),
                        one.storage(),
                        one.architectures(),
                        one.rootType()),
                Optional.empty());
    }

    @Override
    public Answer<HardwareProfile> change(HardwareProfile profile, Optional<Long> version) {
        if (!mayChange(profile.id())) return Answer.no(Refusal.notYours("it stays as it is"));
        profiles.put(profile.id(), profile);
        return Answer.yes(profile);
    }

    @Override
    public Answer<HardwareProfile> remove(String id) {
        return mayChange(id) ? Answer.yes(profiles.remove(id)) : Answer.no(Refusal.notYours("it stays"));
    }
}
