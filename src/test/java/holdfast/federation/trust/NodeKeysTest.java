package holdfast.federation.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import holdfast.platform.CannotStartException;
import holdfast.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeKeysTest {
    @TempDir
    Path data;

    @Test
    void a_key_is_made_once_for_its_owner_alone_and_shown_by_its_fingerprint() throws IOException {
        var first = NodeKeys.open(data, Map.of());
        var file = data.resolve("node-key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(NodeKeys.open(data, Map.of()).fingerprint()).isEqualTo(first.fingerprint());
        assertThat(Fingerprint.valid(first.fingerprint())).isTrue();
        assertThat(first.jwk()).containsOnlyKeys("kty", "crv", "x", "y");
        assertThat(first.toString()).isEqualTo("NodeKeys[" + first.fingerprint() + "]");

        var elsewhere = NodeKeys.open(data.resolve("none"), Map.of(NodeKeys.VARIABLE, Files.readString(file)));
        assertThat(elsewhere.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(data.resolve("none")).doesNotExist();
    }

    @Test
    void what_is_no_key_is_refused_without_being_told() throws IOException {
        var other = NodeKeys.fresh().jwk();
        for (var text : List.of(
                "secret words",
                "{}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + other.get("x") + "\",\"y\":\"" + other.get("y")
                        + "\"}")) {
            Files.writeString(data.resolve("node-key"), text);
            assertThatThrownBy(() -> NodeKeys.open(data, Map.of()))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("node-key must hold a private key")
                    .message()
                    .doesNotContain(text);
        }
    }

    @Test
    void a_signature_counts_for_its_words_and_its_key_alone() {
        var anna = NodeKeys.fresh();
        var berta = NodeKeys.fresh();
        var signature = anna.sign("words");
        assertThat(signature).contains("..");
        assertThat(berta.fault("words", signature, anna.fingerprint())).isEmpty();
        assertThat(berta.fault("Words", signature, anna.fingerprint()))
                .contains("the signature is for other words than these");
        assertThat(berta.fault("words", signature, berta.fingerprint()))
                .contains("it is signed with another key than " + berta.fingerprint());
        for (var nonsense : List.of("", "a", "a..b", "..", signature.substring(0, 20), "x".repeat(10_000))) {
            assertThat(berta.fault("words", nonsense, anna.fingerprint())).isPresent();
        }
    }

    @Test
    void callers_beyond_those_who_can_be_counted_share_one_count() {
        var clock = new AtomicReference<>(Instant.parse("2031-05-02T08:00:00Z"));
        var buckets = new Buckets(1, 2, clock::get);
        for (int i = 0; i < 10_000; i++) assertThat(buckets.late("caller " + i)).isEmpty();
        assertThat(buckets.late("one more")).isEmpty();
        assertThat(buckets.late("and one")).isEmpty();
        assertThat(buckets.late("and another")).isPresent();
        assertThat(buckets.late("caller 7")).isEmpty();
        assertThat(buckets.size()).isEqualTo(10_001);
        clock.updateAndGet(now -> now.plusSeconds(3));
        assertThat(buckets.late("and another")).isEmpty();
        assertThat(buckets.size()).isLessThan(10);
    }

    @Test
    void a_token_that_ends_at_no_time_is_refused_with_that() throws JOSEException {
        var keys = NodeKeys.fresh();
        var now = Instant.parse("2031-05-02T08:00:00Z");
        var claims = "{\"iss\":\"a\",\"jti\":\"1\",\"aud\":\"%s\",\"iat\":%d,\"exp\":1e30}"
                .formatted(keys.fingerprint(), now.getEpochSecond());
        var token = new JWSObject(keys.header().build(), new Payload(claims));
        token.sign(keys.signer());
        var read = new Tokens(keys, "b", Platform.seeded(1, () -> now)).read(token.serialize());
        assertThat(read).isEqualTo(new Tokens.Read.Bad("exp is not after iat, or no time at all"));
    }
}
