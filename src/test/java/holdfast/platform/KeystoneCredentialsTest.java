package holdfast.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class KeystoneCredentialsTest {
    @Test
    void the_address_may_end_with_the_version() {
        for (var url : new String[] {"http://k:5000", "http://k:5000/", "http://k:5000/v3", "http://k:5000/v3/"}) {
            var credentials =
                    new KeystoneCredentials(URI.create(url), "holdfast", "Default", "hidden", "service", "Default");
            assertThat(credentials.tokens("")).hasToString("http://k:5000/v3/auth/tokens");
            assertThat(credentials.toString()).doesNotContain("hidden");
        }
    }
}
