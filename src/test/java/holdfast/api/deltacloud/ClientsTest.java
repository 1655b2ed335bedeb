package holdfast.api.deltacloud;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.orchestrator.instances.AccountThings;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Walks as the clients in Ruby and in Java do (aeolus.md 5.5): they know the entry point, follow what it names, send
/// the fields of `POST` in the query, and do to an instance what its own links say.
@Timeout(300)
class ClientsTest {
    private static DeltacloudLab lab;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(AccountThings.Finder.NOTHING);
        lab.cloud.slow = true;
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'*/*; q=0.5, application/xml', '', image_id=web-os&name=ruby&hwp_id=small&hwp_memory=4096",
        "'application/xml', '', commit=create&image_id=web-os&name=java&keyname=k&key_name=k&realm_id=&hwp_id=small",
        "'application/xml', ';driver=mock;provider=dev', image_id=web-os&name=mock",
    })
    void a_client_that_follows_links_makes_uses_and_destroys_an_instance(String accept, String matrix, String query) {
        var entry = lab.get(matrix).with("Accept", accept).send();
        var instances = entry.xml("/api/link[@rel='instances']/@href");
        assertThat(entry.xml("/api/link[@rel='instances']/feature[@name='user_name']/@name"))
                .isEqualTo("user_name");
        for (var rel : new String[] {"images", "realms", "hardware_profiles"}) {
            var list = ask("GET", entry.xml("/api/link[@rel='" + rel + "']/@href"), accept);
            var member = ask("GET", list.xml("/*/*[1]/@href"), accept);
            assertThat(member.xml("/*/@id")).isEqualTo(list.xml("/*/*[1]/@id"));
            assertThat(member.xml("/*/name")).isEqualTo(list.xml("/*/*[1]/name"));
        }

        var made = ask("POST", instances + "?" + query, accept);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.xml("/instance/state")).isEqualTo("PENDING");
        var href = made.xml("/instance/@href");
        assertThat(made.header("Location")).isEqualTo(href);
        var id = UUID.fromString(made.xml("/instance/@id"));
        assertThat(ask("GET", instances, accept).xml("count(/instances/instance[@id='" + id + "'])"))
                .isEqualTo("1");

        lab.cloud.settle(id);
        act(href, "reboot", accept, id, "RUNNING");
        act(href, "stop", accept, id, "STOPPED");
        act(href, "start", accept, id, "RUNNING");
        act(href, "stop", accept, id, "STOPPED");
        var last = ask("GET", href, accept);
        assertThat(ask("DELETE", last.xml("//link[@rel='destroy']/@href"), accept)
                        .status())
                .isEqualTo(204);
        assertThat(ask("GET", href, accept).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "hardware_profiles?id=arm,arm",
        "hardware_profiles?architecture=arm64,arm",
        "realms?id=europe,europe",
        "images?id=web-os,web-os",
        "images?id=other,''",
        "instances?id=other,''",
    })
    void collections_are_narrowed_to_an_id(String query, String id) {
        var reply = lab.get("/" + query).ann().xml().send();
        assertThat(reply.xml("count(/*/*)")).isEqualTo(id.isEmpty() ? "0" : "1");
        assertThat(reply.xml("/*/*/@id")).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realms/", "/hardware_profiles/", "/instances/;id=1/"})
    void a_member_without_an_id_is_not_the_collection(String path) {
        assertThat(lab.get(path).ann().xml().send().status()).isEqualTo(404);
        assertThat(lab.get("/").xml().send().status()).as("the entry point").isEqualTo(200);
    }

    private static void act(String href, String rel, String accept, UUID id, String state) {
        var link = ask("GET", href, accept).xml("/instance/actions/link[@rel='" + rel + "' and @method='post']/@href");
        assertThat(link).as(rel).isNotEmpty();
        assertThat(ask("POST", link, accept).status()).isEqualTo(202);
        lab.cloud.settle(id);
        assertThat(ask("GET", href, accept).xml("/instance/state")).isEqualTo(state);
    }

    private static DeltacloudLab.Reply ask(String method, String href, String accept) {
        return lab.call(method, href).with("Accept", accept).ann().send();
    }
}
