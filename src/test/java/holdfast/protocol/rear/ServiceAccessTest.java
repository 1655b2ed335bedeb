package holdfast.protocol.rear;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How a service is reached: told by its seller, read by its buyer.
final class ServiceAccessTest {
    private static final ServiceAccess DATABASE = new ServiceAccess(
            "db.c-1.svc.cluster.local:3306,db.c-1.svc.cluster.local:3307",
            Map.of("username", "u1", "password", "s3cret", "database", "d1"));

    private static Contract.Credentials kubeconfig(String text) {
        return new Contract.Credentials("seller", Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
    }

    @Test
    void what_a_seller_tells_its_buyer_reads() {
        assertThat(ServiceAccess.of(DATABASE.told("seller", "c-1"))).contains(DATABASE);
    }

    @Test
    void endpoint_and_token_as_documented_will_do() {
        var told = DATABASE.told("seller", "c-1");
        var documented =
                new Contract.Credentials(told.cluster(), Optional.empty(), told.name(), told.endpoint(), told.token());
        assertThat(ServiceAccess.of(documented))
                .contains(new ServiceAccess(DATABASE.endpoints(), Map.of("password", "s3cret")));
    }

    @Test
    void the_way_into_a_cluster_is_no_service_nor_is_what_nobody_can_read() {
        assertThat(ServiceAccess.of(kubeconfig("""
                {"clusters": [{"cluster": {"server": "https://c:6443"}}], "users": [{"user": {"token": "t"}}]}"""))).isEmpty();
        assertThat(ServiceAccess.of(kubeconfig("a: [yaml"))).isEmpty();
        assertThat(ServiceAccess.of(new Contract.Credentials("seller", "%%"))).isEmpty();
        assertThat(ServiceAccess.of(kubeconfig("[]"))).isEmpty();
    }

    @Test
    void no_secret_is_in_what_is_printed() {
        assertThat(DATABASE.toString()).doesNotContain("s3cret", "u1");
    }
}
