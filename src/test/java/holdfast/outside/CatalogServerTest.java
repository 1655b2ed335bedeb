package holdfast.outside;

import static holdfast.outside.DomainServer.LIMIT;
import static holdfast.outside.DomainServer.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A seller, a buyer, and a catalog, which is all that each of them knows (fluidos.md 4.4).
@Timeout(900)
final class CatalogServerTest {
    @TempDir
    private Path scratch;

    private DomainServer catalog;
    private DomainServer seller;
    private DomainServer buyer;

    private void start(String how) throws Exception {
        catalog = new DomainServer(scratch, "market", "market", ", role: catalog" + how);
        seller = new DomainServer(scratch, "alps", "alps", ", catalogs: [{address: \"" + catalog.address() + "\"}]");
        buyer = new DomainServer(scratch, "bay");
        buyer.cli("peer", "add", catalog.address(), "--name", "market");
        assertThat(buyer.cli("peer", "show", "market")).contains("catalog");
        Await.that(
                "the seller to have registered",
                LIMIT,
                () -> catalog.states("peers").contains("up"));
        seller.cli("flavor", "offer", "half", "--host", "LAB-H2");
        buyer.fill();
    }

    @AfterEach
    void stop() {
        for (var server : List.of(catalog, seller, buyer)) {
            server.close();
        }
    }

    /// @param between contracts of the catalog, while it runs
    private void buys(String... between) {
        var whole = seller.listed();
        var slice = buyer.create(slice("goes", 4, true));
        assertThat(buyer.api().await(slice, LIMIT, Api.SETTLED)).isEqualTo("StableOK");
        assertThat(seller.states("leases")).containsExactly("active");
        for (var server : List.of(seller, buyer)) {
            assertThat(server.states("contracts")).containsExactly("active");
        }
        assertThat(catalog.states("contracts")).containsExactly(between);
        assertThat(seller.listed()).isNotEqualTo(whole);
        buyer.api().delete(slice);
        buyer.api().await(slice, LIMIT, Set.of("Dead"));
        Await.that("the offer to be whole again", LIMIT, () -> seller.listed().equals(whole));
    }

    @Test
    void what_a_catalog_finds_is_bought_of_its_owner() throws Exception {
        start("");
        buys();
    }

    @Test
    void a_catalog_that_stands_between_sells_what_it_buys() throws Exception {
        start(", mode: brokered");
        buys("active");
        assertThat(buyer.all("peers").map(peer -> peer.path("name").asString()))
                .as("who owns it stays unknown")
                .containsExactly("market");
    }
}
