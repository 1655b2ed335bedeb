package holdfast.authority;

import holdfast.TestDatabase;
import holdfast.authority.Provider.Account.Behind;
import holdfast.core.Wanted;
import holdfast.drivers.deltacloud.Account;
import holdfast.drivers.deltacloud.Deltacloud;
import holdfast.drivers.deltacloud.Limits;
import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Resource;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// The authority of clouds with accounts at clouds behind a Deltacloud server.
final class BehindDeltacloud {
    static final Behind MOCK = new Behind("mock", false, Optional.empty(), false);

    private BehindDeltacloud() {}

    static CloudLab lab(TestDatabase db) {
        return new CloudLab(db, CloudPlan.SMALL, Optional.empty(), Optional.of(BehindDeltacloud::clouds));
    }

    private static Clouds clouds(InstantSource clock) {
        return (id, account, password) -> {
            var behind = account.behind().orElseThrow();
            var who = new Account(
                    URI.create(account.endpoint()),
                    behind.driver(),
                    account.region(),
                    account.username(),
                    password.orElse(""),
                    behind.destroys(),
                    behind.rewriteHosts());
            return new Deltacloud(id, who, Limits.STANDARD, clock);
        };
    }

    /// An account at a mock cloud.
    static Resource account(CloudLab lab, MockDeltacloud mock) {
        return account(lab, mock, MOCK);
    }

    static Resource account(CloudLab lab, MockDeltacloud mock, Behind behind) {
        return lab.through(mock.url().toString(), behind, MockDeltacloud.PASSWORD);
    }

    /// An instance that can be made at any of them.
    static Wanted.Instance web() {
        return new Wanted.Instance(
                "web",
                "m1-xlarge",
                Map.of("memory", "7680"),
                "img1",
                Optional.of("us"),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                true,
                0);
    }
}
