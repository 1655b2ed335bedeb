package holdfast.drivers.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Driver.Key;
import holdfast.authority.Fabric;
import holdfast.drivers.FabricContractTest;
import holdfast.drivers.simulated.SimulatedFabric.Grant;
import holdfast.platform.Platform;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedFabricTest extends FabricContractTest {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    private final SimulatedFabric fabric =
            new SimulatedFabric("here", List.of(), Platform.seeded(1, InstantSource.fixed(NOW)));

    @Override
    protected Fabric fabric() {
        return fabric;
    }

    @Override
    protected Fabric.Bond.Pair pair() {
        return new Fabric.Bond.Pair("there", "a secret of there");
    }

    @Override
    protected void peer(Peer what) {
        fabric.grants(
                switch (what) {
                    case GRANTS -> Grant.AS_ASKED;
                    case GRANTS_HALF -> Grant.HALF;
                    case DENIES -> Grant.DENIED;
                    case NEVER_ANSWERS -> Grant.NEVER;
                });
    }

    @Override
    protected void peerDies() {
        fabric.dead(Set.of("there"));
    }

    @Override
    protected boolean isLeftThere() {
        return !fabric.traces().isEmpty();
    }

    @Override
    protected void letTimePass() {}

    @Override
    protected Instant now() {
        return NOW;
    }

    @Override
    protected String contract(int number) {
        return "5f0c1d4e-000" + number + "-4c1e-9d5a-000000000001";
    }

    @Override
    protected boolean lets(Key access, Fabric.Credentials shown) {
        return fabric.lets(shown);
    }

    @Test
    void it_may_grant_twice_as_much() {
        fabric.grants(Grant.TWICE);
        done(pairKey(), pair());
        var slice = new Fabric.Bond.Slice("there", contract(1), SOME, "holdfast");
        assertThat(done(new Key(contract(1), Fabric.SLICE), slice))
                .containsEntry("granted.cpu", "5")
                .doesNotContainKey("short");
    }
}
