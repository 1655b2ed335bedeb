package holdfast.api;

import static holdfast.api.IdentityLab.ALICE;
import static holdfast.api.IdentityLab.BOB;
import static holdfast.api.IdentityLab.password;
import static holdfast.api.IdentityLab.project;
import static holdfast.api.IdentityLab.token;
import static holdfast.api.IdentityLab.user;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.platform.Json;
import holdfast.platform.WebClient.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What issued tokens are worth, and for how long.
@Timeout(300)
class SessionsTest {
    private static final UUID KEY = UUID.fromString("01890000-0000-7000-8000-000000000001");

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final IdentityLab lab = new IdentityLab(db);

    private String issued(String identity, String scope) {
        var answer = lab.login(identity, scope);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.header("x-subject-token").orElseThrow();
    }

    private void isNobody(String token) {
        assertThat(lab.who(token).status()).isEqualTo(401);
        assertThat(lab.login(token(token), "").status()).isEqualTo(401);
    }

    private static Instant end(Answer answer) {
        return Instant.parse(Json.tree(answer.text()).at("/token/expires_at").stringValue());
    }

    @Test
    void an_issued_token_opens_what_its_user_may_open() {
        var token = issued(password("alice", ALICE), "");
        var who = Json.tree(lab.who(token).text());
        assertThat(who.at("/caller/user").stringValue()).isEqualTo("alice");
        assertThat(who.at("/caller/project").stringValue()).isEqualTo("physics");
        assertThat(who.at("/caller/admin").booleanValue()).isFalse();
        assertThat(who.at("/caller/readOnly").booleanValue()).isFalse();
        assertThat(who.at("/roles").toString()).isEqualTo("[\"member\",\"reader\"]");
        assertThat(lab.call("GET", "/who", "", "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(200);
        assertThat(lab.caller(issued(password("admin", lab.admin), ""))
                        .path("admin")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void what_is_not_issued_opens_too() {
        var key = lab.key(KEY);
        assertThat(lab.caller(ALICE).path("user").stringValue()).isEqualTo("alice");
        assertThat(lab.caller(key.getKey() + ":" + key.getValue()).path("user").stringValue())
                .isEqualTo("alice");
        assertThat(lab.who(key.getKey() + ":wrong").status()).isEqualTo(401);
        assertThat(lab.who("somebody").status()).isEqualTo(401);
        assertThat(lab.call("GET", "/who", "").status()).isEqualTo(401);
    }

    @Test
    void where_both_headers_are_there_authorization_counts() {
        assertThat(lab.call("GET", "/who", "", "Authorization", "Bearer wrong", "X-Auth-Token", ALICE)
                        .status())
                .isEqualTo(401);
        assertThat(lab.call("GET", "/who", "", "Authorization", "Bearer " + BOB, "X-Auth-Token", ALICE)
                        .text())
                .contains("bob");
    }

    @Test
    void a_token_ends_after_an_hour() {
        var token = issued(password("alice", ALICE), "");
        lab.advance(Duration.ofMinutes(59));
        assertThat(lab.who(token).status()).isEqualTo(200);
        lab.advance(Duration.ofMinutes(1));
        isNobody(token);
    }

    @Test
    void a_token_for_a_token_does_not_live_longer() {
        var first = lab.login(password("alice", ALICE), "");
        lab.advance(Duration.ofMinutes(30));
        var second = lab.login(token(first.header("x-subject-token").orElseThrow()), "");
        assertThat(end(second)).isEqualTo(end(first));
        assertThat(Json.tree(second.text()).at("/token/methods").toString()).isEqualTo("[\"token\",\"password\"]");
    }

    @Test
    void a_token_that_was_tampered_with_is_worth_nothing() {
        var token = issued(password("alice", ALICE), "");
        for (int at = 0; at < token.length() - 1; at += 7) {
            var other = token.charAt(at) == 'A' ? 'B' : 'A';
            isNobody(token.substring(0, at) + other + token.substring(at + 1));
        }
        isNobody(token + "AAAA");
        isNobody(token.substring(0, token.length() - 8));
        isNobody("hf1.");
        isNobody("hf1.!");
    }

    @Test
    void a_token_of_another_installation_is_worth_nothing() {
        try (var otherDb = TestDatabase.fresh();
                var other = new IdentityLab(otherDb)) {
            isNobody(other.login(password("alice", ALICE), "")
                    .header("x-subject-token")
                    .orElseThrow());
        }
    }

    @Test
    void a_user_chooses_among_its_projects() {
        var biology = issued(password("alice", ALICE), project("biology"));
        assertThat(lab.caller(biology).path("project").stringValue()).isEqualTo("biology");
        var back = issued(token(biology), project("physics"));
        assertThat(lab.caller(back).path("project").stringValue()).isEqualTo("physics");
        var same = issued(token(biology), "");
        assertThat(lab.caller(same).path("project").stringValue()).isEqualTo("biology");
        var byId = issued(password("alice", ALICE), "{\"project\": {\"id\": \"biology\"}}");
        assertThat(lab.caller(byId).path("project").stringValue()).isEqualTo("biology");
        var chemistry = issued(password("bob", BOB), project("chemistry"));
        assertThat(lab.caller(chemistry).path("readOnly").booleanValue()).isTrue();
        assertThat(lab.caller(issued(password("admin", lab.admin), project("chemistry")))
                        .path("admin")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void a_project_of_others_is_not_opened() {
        assertThat(lab.login(password("alice", ALICE), project("chemistry")).status())
                .isEqualTo(401);
        assertThat(lab.login(
                                password("alice", ALICE),
                                "{\"project\": {\"name\": \"physics\", \"domain\": {\"name\": \"Elsewhere\"}}}")
                        .status())
                .isEqualTo(401);
        assertThat(lab.login(password("alice", ALICE).replace("Default", "Elsewhere"), "")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void one_who_left_a_project_is_no_longer_let_in() {
        var biology = issued(password("alice", ALICE), project("biology"));
        lab.leave("alice", "biology");
        isNobody(biology);
    }

    @Test
    void a_user_taken_out_of_the_list_is_nobody_within_a_minute() {
        var token = issued(password("alice", ALICE), "");
        lab.users(user("bob", "biology", BOB));
        lab.advance(Duration.ofSeconds(59));
        isNobody(token);
        isNobody(ALICE);
        assertThat(lab.who(BOB).status()).isEqualTo(200);
        lab.users(user("alice", "physics", ALICE));
        lab.advance(Duration.ofSeconds(59));
        assertThat(lab.who(token).status()).isEqualTo(200);
    }

    @Test
    void a_list_that_is_broken_while_the_server_runs_changes_nothing() {
        lab.users("- {name: alice}\n");
        lab.advance(Duration.ofSeconds(59));
        assertThat(lab.who(ALICE).status()).isEqualTo(200);
    }

    @Test
    void a_key_that_is_switched_off_opens_nothing_any_more() {
        var key = lab.key(KEY);
        var token = issued(
                "{\"methods\": [\"application_credential\"], \"application_credential\": {\"id\": \"%s\", \"secret\": \"%s\"}}"
                        .formatted(key.getKey(), key.getValue()),
                "");
        assertThat(lab.caller(token).path("project").stringValue()).isEqualTo("physics");
        assertThat(issued(password(key.getKey(), key.getValue()), project("biology")))
                .isNotEmpty();
        lab.become(KEY, "inactive");
        isNobody(token);
    }
}
