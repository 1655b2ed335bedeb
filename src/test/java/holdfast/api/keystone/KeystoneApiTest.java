package holdfast.api.keystone;

import static holdfast.api.IdentityLab.ALICE;
import static holdfast.api.IdentityLab.BOB;
import static holdfast.api.IdentityLab.password;
import static holdfast.api.IdentityLab.project;
import static holdfast.api.IdentityLab.token;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.IdentityLab;
import holdfast.platform.Json;
import holdfast.platform.WebClient.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;

/// The identity service, as it is on the wire.
@Timeout(300)
class KeystoneApiTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("holdfast.root", "."), "src/test/resources/golden/identity");
    private static final String TOKENS = "/identity/v3/auth/tokens";

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final IdentityLab lab = new IdentityLab(db);

    /// The exchange must be as it was recorded; `-Dholdfast.bless=true` records it anew.
    private void check(String name, String request, Answer answer) {
        var headers = new StringBuilder();
        for (var header : new String[] {"x-subject-token", "www-authenticate", "retry-after", "allow"})
            answer.header(header)
                    .ifPresent(value ->
                            headers.append(header).append(": ").append(value).append('\n'));
        var text = "> %s\n< %d\n%s%s\n"
                .formatted(request, answer.status(), headers, pretty(answer.text()))
                .replace(lab.address().toString(), "http://server")
                .replaceAll("hf1\\.[\\w-]+", "TOKEN");
        var file = FOLDER.resolve(name + ".txt");
        try {
            if (Boolean.getBoolean("holdfast.bless")) {
                Files.createDirectories(FOLDER);
                Files.writeString(file, text);
            }
            assertThat(text)
                    .as("exchange %s; bless it if it should be so", name)
                    .isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pretty(String text) {
        try {
            return text.isEmpty()
                    ? ""
                    : Json.mapper()
                            .rebuild()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                            .build()
                            .writeValueAsString(Json.read(text, Object.class));
        } catch (JacksonException _) {
            return text;
        }
    }

    private String issued(String identity) {
        return lab.login(identity, "").header("x-subject-token").orElseThrow();
    }

    private Answer validated(String mine, String subject) {
        return lab.call("GET", TOKENS, "", "X-Auth-Token", mine, "X-Subject-Token", subject);
    }

    @Test
    void the_versions_are_told_to_everybody() {
        check("versions", "GET /identity", lab.call("GET", "/identity", ""));
        check("version", "GET /identity/v3", lab.call("GET", "/identity/v3/", ""));
    }

    @Test
    void a_token_comes_with_the_catalog() {
        check(
                "password",
                "POST " + TOKENS + " by password, project biology",
                lab.login(password("alice", ALICE), project("biology")));
        check("token", "POST " + TOKENS + " by token", lab.login(token(issued(password("bob", BOB))), ""));
        check(
                "admin",
                "POST " + TOKENS + "?nocatalog by the administrator",
                lab.call(
                        "POST",
                        TOKENS + "?nocatalog",
                        "{\"auth\": {\"identity\": " + password("admin", lab.admin) + "}}"));
    }

    @Test
    void the_key_of_an_agent_gets_no_token() {
        var key = lab.agentKey(new UUID(5, 6));
        assertThat(lab.who(key.getKey() + ":" + key.getValue()).status()).isEqualTo(200);
        var refused = lab.login(password(key.getKey(), key.getValue()), "");
        assertThat(refused.status()).as(refused.text()).isEqualTo(403);
        assertThat(refused.header("x-subject-token")).isEmpty();
    }

    @Test
    void a_token_is_validated_for_its_holder_and_for_administrators() {
        var alice = issued(password("alice", ALICE));
        check("validated", "GET " + TOKENS, validated(alice, alice));
        assertThat(validated(lab.admin, alice).status()).isEqualTo(200);
        check("not-yours", "GET " + TOKENS + " of another", validated(issued(password("bob", BOB)), alice));
        check("not-issued", "GET " + TOKENS + " of one that we did not issue", validated(lab.admin, "other"));
        assertThat(validated("other", alice).status()).isEqualTo(401);
        var head = lab.call("HEAD", TOKENS, "", "X-Auth-Token", alice, "X-Subject-Token", alice);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
        assertThat(head.header("x-subject-token")).hasValue(alice);
    }

    @Test
    void wrong_passwords_are_told_in_keystones_words() {
        check("wrong", "POST " + TOKENS + " by a wrong password", lab.login(password("alice", BOB), ""));
        assertThat(lab.login(password("nobody", ALICE), "").status()).isEqualTo(401);
        assertThat(lab.login(token("other"), "").status()).isEqualTo(401);
        assertThat(lab.login(token(ALICE), "").status())
                .as("one that was not issued")
                .isEqualTo(401);
        check(
                "no-member",
                "POST " + TOKENS + ", project chemistry",
                lab.login(password("alice", ALICE), project("chemistry")));
    }

    @Test
    void many_wrong_passwords_at_once_are_all_refused() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(IntStream.range(0, 12)
                    .<java.util.concurrent.Callable<Answer>>mapToObj(
                            n -> () -> lab.login(password("0123456789ABCDEF0123456789ABCDEF", "wrong" + n), ""))
                    .toList());
            for (var answer : answers) assertThat(answer.get().status()).isIn(401, 503);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | JSON",
                "[] | auth.identity",
                "{} | auth.identity",
                "{'auth': {'identity': {}}} | auth.identity.methods",
                "{'auth': {'identity': {'methods': []}}} | auth.identity.methods",
                "{'auth': {'identity': {'methods': ['password', 'token']}}} | auth.identity.methods",
                "{'auth': {'identity': {'methods': ['totp']}}} | auth.identity.methods",
                "{'auth': {'identity': {'methods': [1]}}} | auth.identity.methods",
                "{'auth': {'identity': {'methods': ['password']}}} | auth.identity.password",
                "{'auth': {'identity': {'methods': ['password'], 'password': {'user': {'name': 'a'}}}}} | user.password",
                "{'auth': {'identity': {'methods': ['password'], 'password': {'user': {'password': 'a'}}}}} | user.name",
                "{'auth': {'identity': {'methods': ['token'], 'token': {'id': 7}}}} | auth.identity.token.id",
                "{'auth': {'identity': {'methods': ['token'], 'token': {'id': 'x'}}, 'scope': {'system': {'all': true}}}} | auth.scope",
                "{'auth': {'identity': {'methods': ['token'], 'token': {'id': 'x'}}, 'scope': 'unscoped'}} | auth.scope",
                "{'auth': {'identity': {'methods': ['token'], 'token': {'id': 'x'}}, 'scope': {'project': {}}}} | auth.scope.project.name",
            })
    void a_body_that_is_not_as_it_should_be_is_refused_with_the_field(String body, String field) {
        var answer = lab.call("POST", TOKENS, body.replace('\'', '"'));
        assertThat(answer.status()).isEqualTo(400);
        var error = Json.tree(answer.text()).path("error");
        assertThat(error.path("code").intValue()).isEqualTo(400);
        assertThat(error.path("title").stringValue()).isEqualTo("Bad Request");
        assertThat(error.path("message").stringValue()).contains(field);
    }

    @Test
    void what_is_not_there_and_what_is_too_large_is_told_in_the_same_shape() {
        check("nothing", "GET /identity/v3/projects", lab.call("GET", "/identity/v3/projects", ""));
        check("method", "DELETE " + TOKENS, lab.call("DELETE", TOKENS, ""));
        assertThat(lab.call("POST", TOKENS, "x".repeat(40_000)).status()).isEqualTo(413);
        assertThat(lab.call("GET", TOKENS, "").status()).isEqualTo(401);
        assertThat(lab.call("GET", TOKENS, "", "X-Auth-Token", lab.admin).status())
                .isEqualTo(400);
    }

    @Test
    void what_a_browser_remembers_counts_for_nothing_here() {
        var alice = issued(password("alice", ALICE));
        var answer = lab.call("GET", TOKENS, "", "Authorization", "Bearer " + lab.admin, "X-Subject-Token", alice);
        assertThat(answer.status()).isEqualTo(401);
    }
}
