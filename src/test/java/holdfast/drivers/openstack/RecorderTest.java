package holdfast.drivers.openstack;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.drivers.openstack.Wire.Asked;
import holdfast.drivers.openstack.Wire.Told;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// No secret gets into the repository.
class RecorderTest {
    @Test
    void a_story_in_which_a_secret_is_left_is_not_written() {
        refused("{\"note\": \"hush\"}", Map.of());
        refused("{\"echo\": \"t0ken\"}", Map.of("x-subject-token", "t0ken"));
        refused("{\"server\": {\"adminPass\": \"p4ss\"}, \"log\": \"p4ss\"}", Map.of());
    }

    private static void refused(String body, Map<String, String> headers) {
        var recorder = new Recorder(_ -> Optional.of(new Told(200, headers, body)), "hush", Instant.EPOCH);
        recorder.answer(new Asked("GET", "/", Map.of(), ""));
        assertThatThrownBy(() -> recorder.write("never")).isInstanceOf(AssertionError.class);
    }
}
