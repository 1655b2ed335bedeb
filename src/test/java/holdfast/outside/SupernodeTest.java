package holdfast.outside;

import static holdfast.outside.DomainServer.LIMIT;
import static holdfast.outside.DomainServer.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two domains of two servers each: the nodes know only the supernodes of their domains, and these each other
/// (fluidos.md 4.3).
@Timeout(900)
final class SupernodeTest {
    @TempDir
    private Path scratch;

    private DomainServer theirs;
    private DomainServer provider;
    private DomainServer ours;
    private DomainServer consumer;

    @BeforeEach
    void start() throws Exception {
        theirs = new DomainServer(scratch, "alps-super", "alps", ", role: supernode");
        provider = new DomainServer(scratch, "alps-edge", "alps", ", supernode: \"" + theirs.address() + "\"");
        ours = new DomainServer(scratch, "bay-super", "bay", ", role: supernode");
        consumer = new DomainServer(scratch, "bay-edge", "bay", ", supernode: \"" + ours.address() + "\"");
        ours.cli("peer", "add", theirs.address());
        provider.cli("flavor", "offer", "half", "--host", "LAB-H2");
        consumer.fill();
        Await.that(
                "the provider to have joined",
                LIMIT,
                () -> theirs.states("peers").contains("up"));
        Await.that(
                "the supernode to know what its node offers",
                LIMIT,
                () -> !theirs.states("candidates").isEmpty());
        Await.that(
                "the consumer to know its supernode",
                LIMIT,
                () -> consumer.states("peers").contains("up"));
    }

    @AfterEach
    void stop() {
        for (var server : List.of(theirs, provider, ours, consumer)) {
            server.close();
        }
    }

    /// What each has noted, for whoever must find out why it went wrong.
    private String told() {
        return Stream.of(consumer, ours, theirs, provider)
                .map(server -> server.api()
                        .get("/v1/journal?kind=step&kind=state&after=0&limit=1000")
                        .path("data")
                        .valueStream()
                        .map(entry -> entry.path("at").asString() + " "
                                + entry.path("resourceType").asString() + " "
                                + entry.path("to").asString() + " "
                                + entry.path("why").asString())
                        .filter(line -> !line.contains("task.") && !line.contains(" lease "))
                        .collect(Collectors.joining("\n", server.address() + "\n", "\n")))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void what_finds_no_room_in_its_domain_runs_at_a_node_that_only_the_other_supernode_knows() throws Exception {
        var whole = provider.listed();
        var slice = consumer.create(slice("goes", 4, true));
        assertThat(consumer.api().await(slice, LIMIT, Api.SETTLED))
                .as(this::told)
                .isEqualTo("StableOK");
        assertThat(provider.states("leases")).containsExactly("active");
        for (var server : List.of(consumer, ours, theirs, provider)) {
            assertThat(server.states("contracts")).containsExactly("active");
        }

        consumer.api().delete(slice);
        consumer.api().await(slice, LIMIT, Set.of("Dead"));
        Await.that("the offer to be whole again", LIMIT, () -> provider.listed().equals(whole));
        for (var server : List.of(consumer, ours, theirs, provider)) {
            Await.that(
                    "no contract to be left",
                    LIMIT,
                    () -> !server.states("contracts").contains("active"));
        }
    }
}
