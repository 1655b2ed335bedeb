package holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static final Certificate SHORT =
            new Certificate("p/lab/a/one", "vcpu", Instant.parse("2031-05-02T08:00:00Z"), 8, 5);

    @Test
    void one_that_was_stored_before_there_were_certificates_is_read() {
        var stored = "{\"kind\":\"NO_ROOM\",\"message\":\"full\",\"field\":null,\"earliest\":null}";
        assertThat(Json.read(stored, Refusal.class)).isEqualTo(Refusal.noRoom("full", Optional.empty()));
    }

    @Test
    void certificate_wish_and_proof_are_stored_and_read() {
        var refusal = Refusal.noRoom("full", Optional.of(SHORT.at())).because("capacity", Optional.of(SHORT), true);
        assertThat(Json.read(Json.text(refusal), Refusal.class)).isEqualTo(refusal);
        assertThat(SHORT.deficit()).isEqualTo(3);
    }
}
