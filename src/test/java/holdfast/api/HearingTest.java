package holdfast.api;

import static holdfast.api.IdentityLab.ALICE;
import static holdfast.api.IdentityLab.user;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.pools.Projects;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Who may still hear what he subscribed to.
class HearingTest {
    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final IdentityLab lab = new IdentityLab(db);

    @Test
    void members_hear_until_they_leave() {
        assertThat(lab.barred("alice", "physics", false)).isEmpty();
        assertThat(lab.barred("alice", "biology", false)).isEmpty();
        lab.leave("alice", "biology");
        assertThat(lab.barred("alice", "biology", false))
                .hasValueSatisfying(why ->
                        assertThat(why).isEqualTo("alice, who made it, is no member of the project biology any more"));
        assertThat(lab.barred("alice", "physics", false)).isEmpty();
    }

    @Test
    void one_who_was_taken_out_of_the_list_of_users_hears_nothing_where_he_was_a_member() {
        lab.users(user("alice", "physics", ALICE));
        lab.advance(Duration.ofMinutes(1));
        lab.leave("bob", "chemistry");
        assertThat(lab.barred("bob", "chemistry", false)).isPresent();
    }

    @Test
    void nobody_hears_of_a_project_that_is_switched_off() {
        lab.become(Projects.id("physics"), "inactive");
        assertThat(lab.barred("alice", "physics", false)).contains("the project physics is switched off");
        assertThat(lab.barred("admin", "physics", true)).isPresent();
    }

    @Test
    void only_administrators_hear_of_all_projects() {
        assertThat(lab.barred("admin", "default", true)).isEmpty();
        assertThat(lab.barred("alice", "physics", true)).contains("alice, who made it, is no administrator any more");
    }

    @Test
    void users_of_a_keystone_go_on_because_nothing_is_known_of_them() {
        assertThat(lab.barred("7f81ff411d99", "940fd230501b", false)).isEmpty();
        assertThat(lab.barred("7f81ff411d99", "940fd230501b", true)).isEmpty();
    }
}
