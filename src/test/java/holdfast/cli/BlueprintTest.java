package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `blueprint`.
@Timeout(300)
class BlueprintTest {
    private static final String MYSQL = """
            {"id":"1bp1","type":"blueprint","name":"mysql","state":"offered","title":"mysql","summary":"A database",
             "category":"database","tags":["database","mysql"],"hostingPolicies":["Provider"],"flavorId":"1fl1",
             "configurationTemplate":{"type":"object","properties":{"username":{},"password":{}}},
             "templates":[{"name":"secret","description":"Credentials","object":{"kind":"Secret","metadata":{"name":"db"}}}]}""";

    @AutoClose
    private final FakeServer server = new FakeServer();

    @Test
    void a_file_is_sent_as_it_is(@TempDir Path folder) throws IOException {
        server.on("POST /v1/blueprints", 201, MYSQL);
        var file = Files.writeString(folder.resolve("mysql.yaml"), "kind: ServiceBlueprint\n");
        var ended =
                Run.against(server).command("blueprint", "add", file.toString()).ok();
        assertThat(ended.out()).isEqualTo("mysql is added, and for sale.\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("{\"text\": \"kind: ServiceBlueprint\\n\"}"));
    }

    @Test
    void they_are_listed_shown_and_removed() {
        server.on("GET /v1/blueprints", collection(MYSQL))
                .on("GET /v1/blueprints/mysql", MYSQL)
                .on("DELETE /v1/blueprints/mysql", MYSQL.replace("offered", "withdrawn"));
        var run = Run.against(server);
        Run.isGolden("blueprint-list.txt", run.command("blueprint", "list").ok().out());
        Run.isGolden(
                "blueprint-show.txt",
                run.command("blueprint", "show", "mysql").ok().out());
        assertThat(run.command("blueprint", "remove", "mysql").ok().out()).isEqualTo("mysql is for sale no more.\n");
    }

    @Test
    void without_any_it_says_how_to_add_one() {
        server.on("GET /v1/blueprints", collection());
        assertThat(Run.against(server).command("blueprint", "list").ok().out()).contains("holdfast blueprint add FILE");
    }
}
