package holdfast.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);

    @TempDir
    private Path data;

    private static String key(int fill) {
        var key = new byte[32];
        java.util.Arrays.fill(key, (byte) fill);
        return Base64.getEncoder().encodeToString(key);
    }

    @Test
    void what_is_sealed_is_opened_again_after_a_restart() {
        var sealed = Secrets.open(data, Map.of()).seal(ONE, "password", "žluťoučký kůň");
        assertThat(sealed).startsWith("sealed:").doesNotContain("kůň");
        assertThat(Secrets.open(data, Map.of()).unseal(ONE, "password", sealed)).hasValue("žluťoučký kůň");
    }

    @Test
    void the_key_is_for_its_owner_only() throws IOException {
        Secrets.open(data, Map.of());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("secret-key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void servers_with_the_same_key_in_their_environment_open_what_each_other_sealed() {
        var environment = Map.of(Secrets.VARIABLE, key(7));
        var sealed = Secrets.open(data.resolve("a"), environment).seal(ONE, "password", "x");
        assertThat(Secrets.open(data.resolve("b"), environment).unseal(ONE, "password", sealed))
                .hasValue("x");
        assertThat(data.resolve("a")).doesNotExist();
        var stranger = Secrets.open(data, Map.of(Secrets.VARIABLE, key(8)));
        assertThat(stranger.unseal(ONE, "password", sealed)).isEmpty();
    }

    @Test
    void a_sealed_value_is_worth_nothing_elsewhere_or_when_it_was_changed() {
        var secrets = Secrets.open(data, Map.of());
        var sealed = secrets.seal(ONE, "password", "x");
        assertThat(secrets.unseal(OTHER, "password", sealed)).isEmpty();
        assertThat(secrets.unseal(ONE, "key", sealed)).isEmpty();
        int last = sealed.length() - 3;
        var changed = sealed.substring(0, last) + (sealed.charAt(last) == 'A' ? 'B' : 'A') + sealed.substring(last + 1);
        assertThat(secrets.unseal(ONE, "password", changed)).isEmpty();
        for (var nothing : new String[] {"", "x", "sealed:", "sealed:a:b", sealed.substring(0, 20)}) {
            assertThat(secrets.unseal(ONE, "password", nothing)).isEmpty();
        }
    }

    @Test
    void the_same_text_is_never_sealed_the_same_way() {
        var secrets = Secrets.open(data, Map.of());
        assertThat(secrets.seal(ONE, "password", "x")).isNotEqualTo(secrets.seal(ONE, "password", "x"));
    }

    @Test
    void a_key_that_is_none_is_refused_with_the_way_to_make_one() {
        for (var bad : new String[] {"short", "%%%", Base64.getEncoder().encodeToString(new byte[31])}) {
            assertThatThrownBy(() -> Secrets.open(data, Map.of(Secrets.VARIABLE, bad)))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining(Secrets.VARIABLE)
                    .hasMessageContaining("head -c 32");
        }
    }

    @Test
    void a_slow_hash_tells_right_from_wrong_and_is_salted() {
        var hash = SlowHash.of("secret");
        assertThat(SlowHash.matches("secret", hash)).isTrue();
        assertThat(SlowHash.matches("Secret", hash)).isFalse();
        assertThat(SlowHash.of("secret")).isNotEqualTo(hash).doesNotContain("secret");
    }
}
