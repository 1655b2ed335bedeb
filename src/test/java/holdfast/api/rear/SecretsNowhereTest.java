package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import holdfast.TestDatabase;
import holdfast.federation.wire.RearReader;
import holdfast.protocol.rear.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What gives access to what was sold is told to its buyer, and stands nowhere: not in the database, of which the
/// journal is a part, not in the logs, not in what is shown of a contract (fluidos.md 7, G7).
final class SecretsNowhereTest {
    private static final String BUYERS = "YXBpVmVyc2lvbjogdjEKa2luZDogQ29uZmlnCg==";

    private final Logger log = (Logger) LoggerFactory.getLogger("holdfast");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Optional<Level> before = Optional.ofNullable(log.getLevel());

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    @BeforeEach
    void listen() {
        lines.start();
        log.setLevel(Level.DEBUG);
        log.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(lines);
        log.setLevel(before.orElse(null));
    }

    @Test
    void a_purchase_leaves_no_secret_behind() {
        var flavor = domain.offerHost();
        var request = UUID.randomUUID().toString();
        var transaction = domain.reserve(flavor, "anna");
        var body = "{'liqoCredentials':{'clusterID':'fabric-anna','kubeconfig':'" + BUYERS + "'}}";
        var first = domain.purchase(transaction, body, "X-REAR-Request-Id", request);
        var again = domain.purchase(transaction, body, "X-REAR-Request-Id", request);
        assertThat(again.text()).as("told again out of what is kept").isEqualTo(first.text());
        var contract = RearReader.contract(first.text()).orThrow();
        var credentials = contract.credentials().orElseThrow();
        var token = credentials.token().orElseThrow();
        var mail = "/api/v2/contracts/" + contract.id() + "/mail";
        domain.post(mail, "{}", "Authorization", "Bearer " + token, "X-REAR-Request-Id", request);
        domain.post(mail, "{'envelopes':[{'id':'x'}]}", "Authorization", "Bearer " + token);
        var shown = new ArrayList<String>();
        shown.add(domain.get("/api/v2/contracts/" + contract.id()).text());
        shown.add(domain.get("/api/v2/transactions/" + transaction).text());
        shown.add(domain.post("/api/v2/contracts/" + contract.id() + "/renew", "{'until':'2031-05-04T08:00:00Z'}")
                .text());
        shown.add(
                domain.send("DELETE", "/api/v2/contracts/" + contract.id(), "").text());
        shown.add(contract.toString());

        var secrets = List.of(token, credentials.kubeconfig().orElseThrow(), BUYERS);
        assertThat(dump()).hasSizeGreaterThan(20).anyMatch(row -> row.contains(contract.id()));
        for (var secret : secrets) {
            assertThat(dump()).noneMatch(row -> row.contains(secret));
            assertThat(shown).noneMatch(text -> text.contains(secret));
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .noneMatch(line -> line.contains(secret));
        }
        assertThat(contract.extra()).containsKey(Contract.DELEGATION);
    }

    /// Every row of every table, as text.
    private List<String> dump() {
        return test.database().inTransaction(tx -> {
            var tables = tx.sql()
                    .fetch("select quote_ident(tablename) from pg_tables where schemaname = 'public'")
                    .getValues(0, String.class);
            return tables.stream()
                    .flatMap(table ->
                            tx.sql().fetch("select t::text from " + table + " t").getValues(0, String.class).stream())
                    .collect(Collectors.toList());
        });
    }
}
