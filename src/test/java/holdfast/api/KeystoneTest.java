package holdfast.api;

import static holdfast.api.IdentityLab.ALICE;
import static holdfast.api.IdentityLab.password;
import static holdfast.api.StandInKeystone.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Users of a Keystone that the operator trusts.
@Timeout(300)
class KeystoneTest {
    private static final String TOKEN = "gAAAAABtoken-of-carol";

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final StandInKeystone keystone = new StandInKeystone();

    @AutoClose
    private final IdentityLab lab = new IdentityLab(db, Optional.of(keystone.account(PASSWORD)));

    @BeforeEach
    void carol() {
        keystone.loginUntil(lab.instant().plus(Duration.ofDays(1)));
        keystone.issue(TOKEN, lab.instant().plus(Duration.ofHours(12)), "carol", "member", "reader");
    }

    private int status(String token) {
        return lab.who(token).status();
    }

    private long asked(String what) {
        return Collections.frequency(keystone.asked(), what);
    }

    @Test
    void a_user_of_the_keystone_is_known_by_the_ids_there() {
        var who = Json.tree(lab.who(TOKEN).text());
        assertThat(who.at("/caller/user").stringValue()).isEqualTo("u-carol");
        assertThat(who.at("/caller/project").stringValue()).isEqualTo("p1");
        assertThat(who.at("/caller/admin").booleanValue()).isFalse();
        assertThat(who.at("/caller/readOnly").booleanValue()).isFalse();
        assertThat(who.path("userName").stringValue()).isEqualTo("carol");
        assertThat(who.path("projectName").stringValue()).isEqualTo("expo");
        assertThat(who.path("roles").toString()).isEqualTo("[\"member\",\"reader\"]");
    }

    @Test
    void roles_say_who_may_do_what() {
        var later = lab.instant().plus(Duration.ofHours(1));
        keystone.issue("root", later, "root", "admin", "member", "reader");
        keystone.issue("guest", later, "guest", "reader");
        keystone.issue("none", later, "none");
        assertThat(lab.caller("root").path("admin").booleanValue()).isTrue();
        assertThat(lab.caller("root").path("readOnly").booleanValue()).isFalse();
        assertThat(lab.caller("guest").path("readOnly").booleanValue()).isTrue();
        assertThat(lab.caller("none").path("readOnly").booleanValue()).isTrue();
    }

    @Test
    void our_own_users_come_in_without_the_keystone() {
        keystone.answer(500);
        assertThat(status(ALICE)).isEqualTo(200);
        var issued = lab.login(password("alice", ALICE), "").header("x-subject-token");
        assertThat(status(issued.orElseThrow())).isEqualTo(200);
        assertThat(status("hf1.wrong")).isEqualTo(401);
        assertThat(keystone.asked()).isEmpty();
    }

    @Test
    void what_is_no_token_is_not_sent_there() {
        assertThat(status("x y")).isEqualTo(401);
        assertThat(status("0123456789ABCDEF0123456789ABCDEF:secret")).isEqualTo(401);
        assertThat(keystone.asked()).isEmpty();
    }

    @Test
    void it_is_asked_once_a_minute_for_each_token() {
        for (int n = 0; n < 3; n++) assertThat(status(TOKEN)).isEqualTo(200);
        assertThat(asked(TOKEN)).isEqualTo(1);
        lab.advance(Duration.ofSeconds(59));
        assertThat(status(TOKEN)).isEqualTo(200);
        assertThat(asked(TOKEN)).isEqualTo(1);
        lab.advance(Duration.ofSeconds(1));
        assertThat(status(TOKEN)).isEqualTo(200);
        assertThat(asked(TOKEN)).isEqualTo(2);
        assertThat(asked("login")).isEqualTo(1);
    }

    @Test
    void a_revoked_token_works_a_minute_at_most() {
        assertThat(status(TOKEN)).isEqualTo(200);
        keystone.revoke(TOKEN);
        lab.advance(Duration.ofSeconds(60));
        assertThat(status(TOKEN)).isEqualTo(401);
    }

    @Test
    void an_answer_does_not_outlive_the_token() {
        keystone.issue("short", lab.instant().plus(Duration.ofSeconds(10)), "carol", "member");
        assertThat(status("short")).isEqualTo(200);
        lab.advance(Duration.ofSeconds(10));
        assertThat(status("short")).isEqualTo(401);
    }

    @Test
    void an_unknown_token_is_nobodys() {
        assertThat(status("unknown")).isEqualTo(401);
        assertThat(asked("unknown")).isEqualTo(1);
    }

    @Test
    void tokens_that_are_not_for_a_project_do_not_count() {
        var user = "\"user\": {\"id\": \"u1\", \"name\": \"carol\"}";
        var project = "\"project\": {\"id\": \"%s\", \"name\": \"x\"}";
        var frame = "{\"token\": {\"expires_at\": \"2032-01-01T00:00:00.000000Z\", %s, \"roles\": []%s}}";
        keystone.say("unscoped", frame.formatted(user, ""));
        keystone.say("domain", frame.formatted(user, ", \"is_domain\": true, " + project.formatted("default")));
        keystone.say("strange", frame.formatted(user, ", " + project.formatted("a b")));
        keystone.say("right", frame.formatted(user, ", " + project.formatted("p7")));
        for (var token : new String[] {"unscoped", "domain", "strange"})
            assertThat(status(token)).isEqualTo(401);
        assertThat(status("right")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 429, 500, 503})
    void while_it_cannot_say_nobody_comes_in(int status) {
        assertThat(status("gAAAAABwarm")).isEqualTo(401);
        keystone.answer(status);
        assertThat(lab.who(TOKEN).status()).isEqualTo(503);
        keystone.answer(0);
        assertThat(status(TOKEN)).isEqualTo(200);
    }

    @Test
    void an_answer_in_other_words_lets_nobody_in() {
        keystone.say("odd", "<html>");
        keystone.say("empty", "{}");
        assertThat(status("odd")).isEqualTo(503);
        assertThat(status("empty")).isEqualTo(503);
    }

    @Test
    void a_slow_one_is_given_up() {
        keystone.beSlow();
        try (var otherDb = TestDatabase.fresh();
                var other = new IdentityLab(otherDb, Optional.of(keystone.account(PASSWORD)), Duration.ofMillis(200))) {
            assertThat(other.who(TOKEN).status()).isEqualTo(503);
        }
    }

    @Test
    void one_that_is_away_lets_nobody_in() {
        keystone.close();
        assertThat(status(TOKEN)).isEqualTo(503);
        assertThat(status(ALICE)).isEqualTo(200);
    }

    @Test
    void its_token_for_us_is_renewed_before_its_end_and_once_if_it_is_not_taken() {
        keystone.loginUntil(lab.instant().plus(Duration.ofHours(1)));
        assertThat(status("a")).isEqualTo(401);
        lab.advance(Duration.ofMinutes(56));
        assertThat(status("b")).isEqualTo(401);
        assertThat(asked("login")).isEqualTo(2);
        keystone.loginUntil(lab.instant().plus(Duration.ofDays(1)));
        keystone.forgetTheService();
        assertThat(status(TOKEN)).isEqualTo(200);
        assertThat(asked("login")).isEqualTo(3);
    }

    @Test
    void a_refused_password_of_ours_is_tried_once_a_minute() {
        try (var otherDb = TestDatabase.fresh();
                var other = new IdentityLab(otherDb, Optional.of(keystone.account("wrong")))) {
            for (int n = 0; n < 3; n++) assertThat(other.who(TOKEN).status()).isEqualTo(503);
            assertThat(asked("login")).isEqualTo(1);
            other.advance(Duration.ofMinutes(1));
            assertThat(other.who(TOKEN).status()).isEqualTo(503);
            assertThat(asked("login")).isEqualTo(2);
            assertThat(asked(TOKEN)).isZero();
        }
    }

    @Test
    void many_at_once_need_one_token_of_ours() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, 16)
                    .<Callable<Integer>>mapToObj(n -> () -> status("unknown-" + n))
                    .toList();
            for (var status : threads.invokeAll(all)) assertThat(status.get()).isEqualTo(401);
        }
        assertThat(asked("login")).isEqualTo(1);
    }
}
