package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The native interface takes tokens as OpenStack's clients send them.
@Timeout(300)
class TokenHeaderTest {
    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(db, SimulatedSettings.PERFECT);

    private TestDomain.Reply status(String... headers) {
        return domain.ask("GET", "/v1/status", "", headers);
    }

    @Test
    void x_auth_token_is_as_good_as_authorization() {
        assertThat(status("X-Auth-Token", ALICE).json().path("user").stringValue())
                .isEqualTo("alice");
        assertThat(domain.ask("POST", "/v1/apikeys", "{}", "X-Auth-Token", ALICE, "Content-Type", "application/json")
                        .status())
                .isEqualTo(201);
        assertThat(status("X-Auth-Token", ALICE, "X-API-Project-Id", "biology").status())
                .isEqualTo(403);
        assertThat(status("X-Auth-Token", "wrong").status()).isEqualTo(401);
        assertThat(status("X-Auth-Token", "").status()).isEqualTo(401);
        assertThat(status("Authorization", "Bearer wrong", "X-Auth-Token", ALICE)
                        .status())
                .isEqualTo(401);
    }
}
