package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.HardwareProfile;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.SqlErrors;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Profiles;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Front-end hardware profiles over the store, by the same rights as in the configuration.
final class CallerProfiles implements ProfileDesk {
    private final PoolClouds all;
    private final Configuration configuration;
    private final Caller caller;
    private final Held held;

    CallerProfiles(PoolClouds all, Caller caller, Held held) {
        this.all = all;
        this.configuration = all.configuration();
        this.caller = caller;
        this.held = held;
    }

    @Override
    public boolean mayAdd() {
        return held.may(Action.CREATE, Target.HARDWARE_PROFILE, List.of());
    }

    @Override
    public boolean mayChange(String id) {
        return held.may(Action.MODIFY, Target.HARDWARE_PROFILE, List.of(UUID.fromString(id)));
    }

    @Override
    public Optional<Long> version(String id) {
        return all.database()
                .inTransaction(tx -> configuration.profiles().find(tx, UUID.fromString(id)))
                .map(Entry::version);
    }

    /// A change that is rolled back if the answer is no.
    private Answer<HardwareProfile> change(Function<Tx, Answer<Entry<HardwareProfile>>> work) {
        try {
            return Answer.yes(Profiles.profile(
                    all.database().inTransaction(tx -> work.apply(tx).orThrow())));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        } catch (RuntimeException e) {
            if (SqlErrors.isDuplicate(e)) { // somebody else took it between our look and our write
                return Answer.no(Refusal.clash("the name has been taken just now; take another one"));
            }
            throw e;
        }
    }

    @Override
    public Answer<HardwareProfile> add(HardwareProfile profile) {
        if (!mayAdd()) {
            return Answer.no(Refusal.notYours("you may not make hardware profiles"));
        }
        return change(tx -> configuration
                .profiles()
                .add(tx, Optional.empty(), profile.name(), profile, caller.user())
                .map(made -> {
                    configuration.grants().own(tx, caller, Target.HARDWARE_PROFILE, made.id());
                    return made;
                }));
    }

    @Override
    public Answer<HardwareProfile> change(HardwareProfile profile, Optional<Long> version) {
        return change(tx -> mine(tx, profile.id())
                .flatMap(before -> version.filter(read -> read != before.version())
                                .isPresent()
                        ? Answer.no(Refusal.clash("the hardware profile was changed since it was read; read it again"))
                        : configuration.profiles().change(tx, before, profile.name(), profile, caller.user())));
    }

    @Override
    public Answer<HardwareProfile> remove(String id) {
        return change(tx -> mine(tx, id)
                .flatMap(before -> configuration.profiles().remove(tx, before, caller.user()))
                .map(gone -> {
                    configuration.grants().forget(tx, gone.id(), caller.user());
                    return gone;
                }));
    }

    private Answer<Entry<HardwareProfile>> mine(Tx tx, String id) {
        return mayChange(id)
                ? configuration.profiles().lock(tx, UUID.fromString(id))
                : Answer.no(Refusal.notYours("you may look at this hardware profile, not change it"));
    }
}
