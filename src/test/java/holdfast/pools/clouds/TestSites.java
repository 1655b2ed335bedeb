package holdfast.pools.clouds;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Answer;
import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// What reaches a [TestCloud]. What becomes a site is noted.
public final class TestSites implements Sites {
    /// The credentials of each site.
    public final Map<UUID, Map<String, String>> sites = new ConcurrentHashMap<>();

    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    public Answer<Place> alive(Place place) {
        return ask(place.url(), Optional.empty()).map(_ -> place);
    }

    @Override
    public Answer<Seen> look(Place place, Map<String, String> credentials) {
        var pair = credentials.get("username") + ":" + credentials.get("password");
        var basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
        return ask(place.url() + "?force_auth=true", Optional.of(basic))
                .flatMap(answer -> answer.statusCode() == 401
                        ? Answer.no(Refusal.notYours("Login Credentials are Invalid for this Provider"))
                        : Answer.yes(new Seen(profiles(), realms(answer.body()), Optional.empty())));
    }

    private Answer<HttpResponse<String>> ask(String url, Optional<String> authorization) {
        var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5));
        authorization.ifPresent(header -> request.header("Authorization", header));
        try {
            return Answer.yes(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException _) {
            return Answer.no(Refusal.silent("Cannot reach provider"));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<HardwareProfile> profiles() {
        var small = new HardwareProfile(
                "m1 small",
                "m1-small",
                new Property.Fixed(new BigDecimal("1740.8")),
                new Property.Fixed(BigDecimal.ONE),
                new Property.Fixed(BigDecimal.valueOf(160)),
                List.of("i386"),
                Optional.empty());
        var large = new HardwareProfile(
                "m1-large",
                "m1-large",
                new Property.Range(
                        Optional.of(BigDecimal.valueOf(10_240)), BigDecimal.valueOf(7_680), BigDecimal.valueOf(15_360)),
                new Property.Any(),
                new Property.OneOf(
                        Optional.of(BigDecimal.valueOf(850)),
                        List.of(BigDecimal.valueOf(1024), BigDecimal.valueOf(850))),
                List.of("x86_64"),
                Optional.empty());
        return List.of(small, large);
    }

    private static List<Part> realms(String text) {
        return text.lines()
                .map(line -> line.split("="))
                .map(parts -> new Part(parts[0], parts[0], Boolean.parseBoolean(parts[1])))
                .toList();
    }

    @Override
    public Answer<UUID> put(
            Tx tx, UUID account, String label, Place place, Map<String, String> credentials, String who) {
        sites.put(account, credentials);
        return Answer.yes(account);
    }

    @Override
    public Answer<UUID> remove(Tx tx, UUID account, String who) {
        sites.remove(account);
        return Answer.yes(account);
    }

    @Override
    public void hint(Tx tx, UUID account) {}

    @Override
    public List<Orphan> orphans(Tx tx, UUID account) {
        return List.of();
    }

    @Override
    public Answer<UUID> takeAway(Tx tx, UUID account, UUID lease, String part, String who) {
        return Answer.no(Refusal.notThere("there are no orphans here"));
    }
}
