package holdfast.api.rear;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.SliverId;
import holdfast.db.Tables;
import holdfast.federation.wire.RearReader;
import holdfast.platform.Json;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import holdfast.protocol.rear.Contract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The secret of a contract, and the mail that is exchanged by it (fluidos.md 5.6, 5.9).
final class MailTest {
    private static final String NOTHING = "{'envelopes':[],'taken':[]}";
    private static final UUID THING = UUID.fromString("0197b1e0-0000-7000-8000-000000000003");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    private String transaction;
    private Contract contract;
    private UUID id;
    private String token;

    @BeforeEach
    void buy() {
        transaction = domain.reserve(domain.offerHost(), "anna");
        contract = bought(domain.purchase(transaction, "{}"));
        id = UUID.fromString(contract.extra().get(Contract.DELEGATION));
        token = token(contract);
    }

    private static Contract bought(RearDomain.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return RearReader.contract(answer.text()).orThrow();
    }

    private static String token(Contract contract) {
        return contract.credentials().flatMap(Contract.Credentials::token).orElseThrow();
    }

    private RearDomain.Answer mail(Contract under, String wait, String body, String... headers) {
        return domain.post("/api/v2/contracts/" + under.id() + "/mail" + wait, body, headers);
    }

    private RearDomain.Answer exchange(String body) {
        return mail(contract, "", body, "Authorization", "Bearer " + token);
    }

    private static String close(UUID envelope, String to) {
        return "{'envelopes':[{'id':'%s','from':'orchestrator','to':'%s','kind':'Close','body':{'sliver':{'value':'%s'}}}],'taken':[]}"
                .formatted(envelope, to, THING);
    }

    private int waitingFor(String receiver) {
        return test.database()
                .inTransaction(tx -> tx.sql().fetchCount(Tables.OUTBOX, Tables.OUTBOX.RECEIVER.eq(receiver)));
    }

    private void say(UUID under) {
        var update =
                new UpdateLease(new SliverId(THING), 1, UpdateLease.State.CLOSED, Optional.empty(), Optional.empty());
        test.database().inTransaction(tx -> {
            domain.engine.post().send(tx, "lab-am", "broker@" + under, update);
            return true;
        });
    }

    @Test
    void the_secret_comes_with_the_contract_in_either_dialect_the_same_each_time_and_nowhere_else() {
        var credentials = contract.credentials().orElseThrow();
        var kubeconfig = Json.tree(
                new String(Base64.getDecoder().decode(credentials.kubeconfig().orElseThrow()), UTF_8));
        var url = credentials.endpoint().orElseThrow();
        assertThat(url).endsWith("/api/v2/contracts/" + contract.id() + "/mail");
        assertThat(kubeconfig.at("/clusters/0/cluster/server").asString()).isEqualTo(url);
        assertThat(kubeconfig.at("/users/0/user/token").asString()).isEqualTo(token);
        assertThat(contract.extra()).containsEntry(Contract.AUTHORITY, "lab-am");
        assertThat(token(bought(domain.purchase(transaction, "{}")))).isEqualTo(token);
        var documented = domain.purchase(transaction, "{}", "Accept", "application/json; profile=\"rear-doc\"");
        assertThat(documented.json().at("/Credentials/token").asString()).isEqualTo(token);
        assertThat(documented.json().at("/Credentials/endpoint").asString()).isEqualTo(url);
        var shown = domain.get("/api/v2/contracts/" + contract.id());
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text())
                .doesNotContain(token)
                .doesNotContain(credentials.kubeconfig().orElseThrow());
        assertThat(contract.toString()).doesNotContain(token);
    }

    @Test
    void what_no_host_of_ours_stands_behind_has_no_secret() {
        var other = bought(domain.purchase(domain.reserve(domain.offer(), "anna"), "{}"));
        assertThat(other.credentials().flatMap(Contract.Credentials::token)).isEmpty();
        assertThat(other.extra()).doesNotContainKeys(Contract.DELEGATION, Contract.AUTHORITY);
        assertThat(mail(other, "", NOTHING, "Authorization", "Bearer " + token).status())
                .isEqualTo(403);
    }

    @Test
    void who_has_not_the_secret_of_that_contract_exchanges_nothing() {
        var second = bought(domain.purchase(
                domain.reserve(
                        domain.get(RearDomain.LIST)
                                .json()
                                .get(0)
                                .path("flavorID")
                                .asString(),
                        "bert"),
                "{}"));
        assertThat(token(second)).isNotEqualTo(token);
        var body = close(UUID.randomUUID(), "lab-am");
        assertThat(mail(contract, "", body).status()).isEqualTo(401);
        assertThat(mail(contract, "", body).header("www-authenticate")).contains("Bearer");
        assertThat(mail(contract, "", body, "Authorization", "Basic YTpi").status())
                .isEqualTo(401);
        assertThat(mail(contract, "", body, "Authorization", "Bearer " + token(second))
                        .status())
                .isEqualTo(403);
        assertThat(mail(contract, "", body, "Authorization", "Bearer x").status())
                .isEqualTo(403);
        var nobody = domain.post("/api/v2/contracts/none/mail", body, "Authorization", "Bearer " + token);
        assertThat(nobody.status()).as("nobody learns that there is none").isEqualTo(403);
        assertThat(waitingFor("lab-am")).as("two are lent").isEqualTo(2);
    }

    @Test
    void after_the_end_and_its_grace_it_opens_nothing() {
        assertThat(exchange(NOTHING).status()).isEqualTo(200);
        domain.send("DELETE", "/api/v2/contracts/" + contract.id(), "");
        domain.advance(Duration.ofHours(2));
        assertThat(exchange(NOTHING).status()).as("something of it may be left").isEqualTo(200);
        test.database().inTransaction(tx -> {
            var ended = new Message.Lending(id, Message.Lending.Phase.ENDED, Optional.empty());
            domain.market.contracts().heard(tx, "lab-am", ended);
            return true;
        });
        assertThat(exchange(NOTHING).status()).as("what is left is told").isEqualTo(200);
        domain.advance(Duration.ofMinutes(61));
        assertThat(exchange(NOTHING).status()).isEqualTo(410);
    }

    @Test
    void a_letter_is_taken_in_once_and_kept_until_it_was_taken() {
        var letter = close(UUID.randomUUID(), "lab-am");
        int before = waitingFor("lab-am");
        assertThat(exchange(letter).json().path("taken")).hasSize(1);
        assertThat(exchange(letter).json().path("taken")).as("again").hasSize(1);
        assertThat(waitingFor("lab-am")).isEqualTo(before + 1);

        say(id);
        var given = exchange(NOTHING).json().path("envelopes");
        assertThat(given).hasSize(1);
        assertThat(given.get(0).path("to").asString()).isEqualTo("broker");
        assertThat(given.get(0).path("from").asString()).isEqualTo("lab-am");
        assertThat(exchange(NOTHING).json().path("envelopes"))
                .as("until it is taken")
                .hasSize(1);
        var taken = given.get(0).path("id").asString();
        assertThat(exchange("{'taken':['" + taken + "']}").json().path("envelopes"))
                .isEmpty();
        assertThat(waitingFor("broker@" + id)).isZero();
    }

    @Test
    void one_bad_letter_and_nothing_of_it_is_taken_in() {
        int before = waitingFor("lab-am");
        var good = close(UUID.randomUUID(), "lab-am").replace("],'taken':[]}", "");
        var bad = close(UUID.randomUUID(), "broker").replace("{'envelopes':[", "");
        var refused = exchange(good + "," + bad);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).startsWith("envelopes[1].to must be lab-am");
        assertThat(exchange(good.replace("Close", "Unlend") + "]}").text()).startsWith("envelopes[0].kind is Unlend");
        assertThat(exchange("").status()).isEqualTo(400);
        assertThat(mail(contract, "?wait=21", NOTHING, "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(400);
        assertThat(mail(contract, "?wait=x", NOTHING, "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(400);
        assertThat(waitingFor("lab-am")).isEqualTo(before);
    }

    @Test
    void two_hundred_wait_at_once_while_all_others_are_served() throws Exception {
        var contracts = new ArrayList<Contract>(List.of(contract));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = new ArrayList<CompletableFuture<RearDomain.Answer>>();
            for (int i = 0; i < 200; i++) {
                waiting.add(CompletableFuture.supplyAsync(
                        () -> mail(contracts.getFirst(), "?wait=20", NOTHING, "Authorization", "Bearer " + token),
                        threads));
            }
            try {
                // none of those who wait has a connection of the eight
                for (int i = 0; i < 20; i++) {
                    var listed = domain.get(RearDomain.LIST);
                    assertThat(listed.status()).as(listed.text()).isEqualTo(200);
                }
                say(id);
                for (var one : waiting) {
                    var answer = one.get(60, TimeUnit.SECONDS);
                    assertThat(answer.json().path("envelopes"))
                            .as(answer.text())
                            .hasSize(1);
                }
            } finally { // or they would wait for ever by a clock that stands still, and what is wrong not be told
                domain.advance(Duration.ofSeconds(20));
            }
        }
    }
}
