package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Reads messages of either dialect. Bad items of a list are passed over and counted; a message with a bad field is
/// refused with field, value and rule. What gives access to a buyer's cluster is dropped (fluidos.md 5.10, U11).
public final class RearReader {
    /// Flavors that are read of one list.
    public static final int MOST = 10_000;

    private static final int REASONS = 10;
    private static final long YEAR = 31_536_000;
    private static final long HOPS = 100;

    /// Of a kubeconfig or a token.
    private static final int SECRET = 262_144;

    private RearReader() {}

    /// The answer to LIST_FLAVORS. No body is an empty list.
    ///
    /// @return refused if it is no list at all
    public static Answer<Heard> flavors(String body) {
        return body.isBlank()
                ? Answer.yes(new Heard(List.of(), 0, List.of()))
                : Loose.read(body).flatMap(RearReader::heard);
    }

    private static Answer<Heard> heard(JsonNode list) {
        if (list.isNull()) {
            return Answer.yes(new Heard(List.of(), 0, List.of()));
        }
        if (!list.isArray()) {
            return Answer.no(Item.of(list).refused("must be a list of flavors").refusal());
        }
        var flavors = new ArrayList<Flavor>();
        var why = new ArrayList<Refusal>();
        int skipped = Math.max(0, list.size() - MOST);
        for (int index = 0; index < Math.min(list.size(), MOST); index++) {
            try {
                flavors.add(flavor(new Item(list.get(index), "[" + index + "]", false)));
            } catch (RefusedException e) {
                skipped++;
                if (why.size() < REASONS) why.add(e.refusal());
            }
        }
        if (list.size() > MOST && why.size() < REASONS) {
            why.add(Refusal.malformed(
                    "body", "the body has " + list.size() + " flavors: only the first " + MOST + " are read"));
        }
        return Answer.yes(new Heard(flavors, skipped, why));
    }

    /// One flavor.
    public static Answer<Flavor> flavor(String body) {
        return read(body, RearReader::flavor);
    }

    /// A message about a flavor, which is one of its members.
    static <T> Answer<T> flavorIn(String body, String member, BiFunction<Item, Flavor, T> reading) {
        return read(body, message -> reading.apply(message, flavor(message.at(member))));
    }

    /// RESERVE_FLAVOR.
    public static Answer<Transaction.Ask> reserve(String body) {
        return read(
                body,
                message -> new Transaction.Ask(
                        name(message.at("flavorID")),
                        identity(message.at("buyerID", "Buyer")),
                        message.at("configuration").filled().map(RearReader::configuration),
                        message.at("term").maybe().map(RearReader::term)));
    }

    private static Interval term(Item term) {
        var from = term.object().at("from").time();
        var until = term.at("until");
        if (!until.time().isAfter(from)) {
            throw until.refused("must be later than from");
        }
        return new Interval(from, until.time());
    }

    /// The answer to RESERVE_FLAVOR.
    ///
    /// @param now when it came: some say for how many seconds it is good (`TTP`) instead of until when
    public static Answer<Transaction> transaction(String body, Instant now) {
        return read(body, message -> {
            var buyer = identity(message.at("buyer", "buyerID"));
            return new Transaction(
                    message.at("transactionID").id(),
                    name(message.at("flavorID")),
                    buyer,
                    message.at("clusterID").said(Item.NAME).or(buyer::fabric).orElse(""),
                    message.at("configuration").filled().map(RearReader::configuration),
                    message.at("expirationTime").isThere() || !message.at("TTP").isThere()
                            ? message.at("expirationTime").time()
                            : now.plusSeconds(message.at("TTP").whole(0, YEAR)));
        });
    }

    /// PURCHASE_FLAVOR.
    public static Answer<Contract.Ask> purchase(String body) {
        return read(body, RearReader::purchase);
    }

    /// What is bought in the same moment as it is reserved: PURCHASE_FLAVOR under `purchase` in RESERVE_FLAVOR.
    public static Answer<Contract.Ask> direct(String body) {
        return read(body, message -> purchase(message.at("purchase")));
    }

    /// The answer to `GET capabilities`. What is not said is as of a node that cannot do it.
    public static Answer<Capabilities> capabilities(String body) {
        return read(
                body,
                message -> new Capabilities(
                        message.at("nodeID").maybe().map(Item::id),
                        message.at("domain").maybe().map(Item::id),
                        message.at("role").said(Item.NAME).orElse(Capabilities.WEAK.role()),
                        known(message.at("dialects"), Dialect::named, Capabilities.WEAK.dialects()),
                        known(message.at("flavorTypes"), FlavorType::of, Capabilities.WEAK.flavorTypes()),
                        Set.copyOf(message.at("extensions").texts()),
                        message.at("ttpSeconds").isThere()
                                ? message.at("ttpSeconds").whole(0, YEAR)
                                : 0,
                        message.at("maxHops").isThere()
                                ? (int) message.at("maxHops").whole(0, HOPS)
                                : 0,
                        message.at("auth").texts()));
    }

    /// Those of the words that mean something here; `usual` if there are none.
    private static <T> Set<T> known(Item words, Function<String, Optional<T>> meaning, Set<T> usual) {
        var known = words.texts().stream()
                .flatMap(word -> meaning.apply(word).stream())
                .collect(Collectors.toUnmodifiableSet());
        return known.isEmpty() ? usual : known;
    }

    /// Until when a contract is to last.
    public static Answer<Instant> until(String body) {
        return read(body, message -> message.at("until").time());
    }

    /// The signature of a contract.
    public static Answer<String> signature(String body) {
        return read(body, message -> message.at("jws").text(Item.TEXT));
    }

    private static Contract.Ask purchase(Item message) {
        return new Contract.Ask(
                message.at("liqoCredentials").hidden().filled().flatMap(RearReader::credentials), telemetry(message));
    }

    /// The answer to PURCHASE_FLAVOR. `transaction` and `cluster` are empty where it does not name them, as
    /// documented ones need not.
    public static Answer<Contract> contract(String body) {
        return read(body, message -> {
            var buyer = identity(message.at("buyerID", "Buyer"));
            return new Contract(
                    message.at("contractID").id(),
                    message.at("transactionID").maybe().map(Item::id).orElse(""),
                    flavor(message.at("flavor").object()),
                    message.at("configuration").filled().map(RearReader::configuration),
                    buyer,
                    message.at("buyerClusterID")
                            .said(Item.NAME)
                            .or(buyer::fabric)
                            .orElse(""),
                    identity(message.at("seller")),
                    message.at("peeringTargetCredentials", "Credentials")
                            .hidden()
                            .filled()
                            .flatMap(RearReader::credentials),
                    message.at("expirationTime").maybe().map(Item::time),
                    message.at("extraInformation").members(Item::json),
                    message.at("networkAuthorizations", "NetworkRequests").said(Item.NAME),
                    telemetry(message));
        });
    }

    /// A contract with its state.
    public static Answer<Standing> standing(String body) {
        return contract(body)
                .flatMap(contract -> read(body, message -> message.at("state").said(Item.NAME))
                        .map(word -> new Standing(contract, word.flatMap(RearReader::course))));
    }

    static Optional<ContractCourse> course(String word) {
        return Arrays.stream(ContractCourse.values())
                .filter(state -> state.name().equalsIgnoreCase(word))
                .findFirst();
    }

    static <T> Answer<T> read(String body, Function<Item, T> reading) {
        return Loose.read(body).flatMap(message -> {
            try {
                return Answer.yes(reading.apply(Item.of(message).object()));
            } catch (RefusedException e) {
                return Answer.no(e.refusal());
            }
        });
    }

    static Flavor flavor(Item item) {
        var type = item.object().at("type");
        var data = type.at("data");
        var network = item.at("networkPropertyType");
        return new Flavor(
                name(item.at("flavorID")),
                item.at("providerID").id(),
                identity(item.at("owner")),
                KindReader.read(type(type.at("name")), data),
                price(item.at("price")),
                item.at("availability").truth(),
                network.said(Item.NAME),
                place(item.at("location")),
                item.at("timestamp").time(),
                data.at("name").node().isString()
                                && data.at("characteristics", "charateristics").isThere()
                        ? Map.of("name", data.at("name").text(Item.NAME))
                        : Map.of());
    }

    private static String name(Item item) {
        if (!FlavorIds.valid(item.text(Item.NAME))) {
            throw item.refused("must be a name as in DNS: lower-case letters, digits, - and ., at most " + Item.NAME);
        }
        return item.text(Item.NAME);
    }

    private static FlavorType type(Item item) {
        return FlavorType.of(item.text(Item.NAME))
                .orElseThrow(() -> item.refused("must be k8slice, vm, service or sensor"));
    }

    static NodeIdentity identity(Item item) {
        item.object();
        return new NodeIdentity(
                item.at("ID", "nodeID").id(),
                item.at("IP").id(),
                item.at("domain").id(),
                item.at("additionalInformation").at("liqoID").said(Item.NAME));
    }

    /// Nodes write the country as altitude (U4).
    static Location place(Item place) {
        return new Location(
                place.at("latitude").text(Item.NAME),
                place.at("longitude").text(Item.NAME),
                place.at("country", "altitude").text(Item.NAME),
                place.at("city").text(Item.NAME),
                place.at("additionalNotes").text(Item.TEXT));
    }

    static Optional<Price> price(Item item) {
        var price = new Price(
                item.at("amount").text(Item.NAME),
                item.at("currency").text(Item.NAME),
                item.at("period").text(Item.NAME));
        return Optional.of(price).filter(said -> !said.equals(new Price("", "", "")));
    }

    static Configuration configuration(Item item) {
        var type = type(item.at("type"));
        var data = type == FlavorType.SERVICE ? item.at("data").hidden() : item.at("data"); // may hold passwords
        data.object();
        return switch (type) {
            case K8SLICE ->
                new Configuration.Slice(
                        KindReader.amounts(data),
                        data.at("gpu").at("model").said(Item.NAME),
                        data.at("architecture").said(Item.NAME));
            case VM -> new Configuration.Instances(data.at("count").whole(1, Integer.MAX_VALUE));
            case SERVICE ->
                new Configuration.Settings(
                        hosting(data.at("hostingPolicy")),
                        data.at("configurationData").free());
            case SENSOR -> new Configuration.Access(protocol(data.at("accessType")));
        };
    }

    private static Optional<HostingPolicy> hosting(Item item) {
        return item.said(Item.NAME).map(_ -> KindReader.hosting(item));
    }

    private static Configuration.Access.Protocol protocol(Item item) {
        return Arrays.stream(Configuration.Access.Protocol.values())
                .filter(protocol -> protocol.name().equalsIgnoreCase(item.text(Item.NAME)))
                .findFirst()
                .orElseThrow(() -> item.refused("must be HTTP or MQTT"));
    }

    /// None if nothing in it gives access.
    private static Optional<Contract.Credentials> credentials(Item item) {
        var kubeconfig = item.at("kubeconfig");
        var read = new Contract.Credentials(
                item.at("clusterID", "liqoID").text(Item.NAME),
                kubeconfig.said(SECRET).map(text -> base64(kubeconfig, text)),
                item.at("clusterName").said(Item.NAME),
                item.at("endpoint").said(Item.TEXT),
                item.at("token").said(SECRET));
        return Optional.of(read)
                .filter(any ->
                        Stream.of(any.kubeconfig(), any.endpoint(), any.token()).anyMatch(Optional::isPresent));
    }

    private static String base64(Item item, String text) {
        try {
            Base64.getDecoder().decode(text.replaceAll("[\r\n]", ""));
            return text;
        } catch (IllegalArgumentException _) {
            throw item.refused("must be in standard base64");
        }
    }

    private static Optional<Contract.Telemetry> telemetry(Item message) {
        return message.at("ingressTelemetryEndpoint")
                .filled()
                .map(item -> new Contract.Telemetry(
                        item.at("endpoint").text(Item.TEXT), item.at("intents").texts()));
    }
}
