package holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Caller;
import holdfast.platform.CannotStartException;
import holdfast.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private static final String SHA256_OF_HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @TempDir
    private Path data;

    private static Optional<Caller> who(Tokens tokens, String token) {
        return tokens.given(token).map(Proof.Given::caller);
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(Tokens.file(data)));
    }

    @Test
    void the_first_start_makes_a_token_that_only_its_owner_can_read() throws IOException {
        var tokens = Tokens.open(data, Platform.real());
        var token = Files.readString(Tokens.file(data)).strip();
        assertThat(mode()).isEqualTo("rw-------");
        assertThat(token).hasSizeGreaterThanOrEqualTo(32);
        assertThat(who(tokens, token)).hasValue(new Caller("admin", "default", true));
        assertThat(who(tokens, token + " ")).isEmpty();
        assertThat(who(tokens, "")).isEmpty();
        assertThat(who(Tokens.open(data, Platform.real()), token))
                .as("after a restart")
                .isPresent();
    }

    @Test
    void a_token_that_others_could_read_is_closed_to_them() throws IOException {
        Files.writeString(Tokens.file(data), "a-token-that-is-long-enough\n");
        Files.setPosixFilePermissions(Tokens.file(data), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(who(Tokens.open(data, Platform.real()), "a-token-that-is-long-enough"))
                .isPresent();
        assertThat(mode()).isEqualTo("rw-------");
    }

    @Test
    void a_short_token_is_refused() throws IOException {
        Files.writeString(Tokens.file(data), "short\n");
        assertThatThrownBy(() -> Tokens.open(data, Platform.real()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("delete the file");
    }

    @Test
    void others_are_listed_by_their_hashes() throws IOException {
        Files.writeString(data.resolve("tokens.yaml"), """
                - {name: alice, project: physics, sha256: %s}
                - {name: root, project: ops, admin: true, sha256: %s}
                """.formatted(SHA256_OF_HELLO, "0".repeat(64)));
        assertThat(who(Tokens.open(data, Platform.real()), "hello")).hasValue(new Caller("alice", "physics", false));
    }

    @Test
    void a_list_that_is_not_right_is_refused_with_the_entry_and_the_field() throws IOException {
        for (var wrong : new String[][] {
            {"- {name: alice, project: physics, sha256: abc}", "entry 1: sha256 is abc"},
            {"- {project: physics, sha256: x}", "entry 1: name is null"},
            {"- {name: alice, project: '-', sha256: x}", "entry 1: project is -"},
            {"- {name: alice, colour: red}", "colour"},
            {"hello", "is not a list"}
        }) {
            Files.writeString(data.resolve("tokens.yaml"), wrong[0]);
            assertThatThrownBy(() -> Tokens.open(data, Platform.real()))
                    .as(wrong[0])
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining(wrong[1]);
        }
    }
}
