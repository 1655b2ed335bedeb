package holdfast.broker.decisions;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Draw;
import holdfast.broker.choice.Pending;
import holdfast.broker.choice.Place;
import holdfast.broker.choice.Snapshot;
import holdfast.broker.decisions.Question.Admit;
import holdfast.broker.decisions.Question.Take;
import holdfast.calendar.Curve;
import holdfast.calendar.UnitTimeline;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;

/// What a decision looked at beside what was asked, as it is kept: compressed JSON, from the time of the decision on.
///
/// @param calendar for what is admitted
/// @param item for what is taken of an item
record Given(Optional<Calendar> calendar, Optional<OfItem> item) {
    /// Nothing larger is read.
    private static final int LARGEST = 64 << 20;

    record Calendar(Instant now, List<Spot> places, Map<String, List<Interval>> units, List<Pending> pending) {}

    /// A place.
    record Spot(String id, String provider, Optional<String> zone, Place.About about, Curve free) {}

    record OfItem(Curve left, Optional<Map<String, Curve>> hosts) {}

    /// What a [Draw] asks for.
    record Wish(UUID item, Capacities amount, Interval when, Capacities ofHost) {
        static Wish of(Draw draw) {
            return new Wish(draw.item(), draw.amount(), draw.when(), draw.ofHost());
        }
    }

    static Given of(Question question) {
        return switch (question) {
            case Admit(var _, var snapshot) -> new Given(Optional.of(calendar(snapshot)), Optional.empty());
            case Take(var draw) -> new Given(Optional.empty(), Optional.of(ofItem(draw)));
        };
    }

    private static Calendar calendar(Snapshot snapshot) {
        var ever = Interval.since(snapshot.now());
        var places = snapshot.places().values().stream()
                .map(place -> new Spot(
                        place.id(),
                        place.provider(),
                        place.zone(),
                        place.about(),
                        place.free().curve(ever)))
                .toList();
        var units = new TreeMap<String, List<Interval>>();
        snapshot.units().forEach((name, timeline) -> units.put(name, timeline.holds()));
        return new Calendar(snapshot.now(), places, units, snapshot.pending());
    }

    private static OfItem ofItem(Draw draw) {
        var ever = Interval.since(draw.when().from());
        return new OfItem(draw.left().curve(draw.when()), draw.hosts().map(hosts -> {
            var curves = new TreeMap<String, Curve>();
            hosts.forEach((host, left) -> curves.put(host, left.curve(ever)));
            return curves;
        }));
    }

    /// The question again.
    ///
    /// @param asked as [Question#asked] told it
    Question question(JsonNode asked) {
        return calendar.<Question>map(seen -> new Admit(Json.mapper().treeToValue(asked, Ask.class), snapshot(seen)))
                .orElseGet(() -> new Take(draw(Json.mapper().treeToValue(asked, Wish.class), item.orElseThrow())));
    }

    private static Snapshot snapshot(Calendar seen) {
        var places = new TreeMap<String, Place>();
        seen.places.forEach(spot ->
                places.put(spot.id, new Place(spot.id, spot.provider, spot.zone, spot.free.profile(), spot.about)));
        var units = new TreeMap<String, UnitTimeline>();
        seen.units.forEach((name, holds) -> {
            var timeline = new UnitTimeline();
            holds.forEach(timeline::hold);
            units.put(name, timeline);
        });
        return new Snapshot(seen.now, places, units, seen.pending);
    }

    private static Draw draw(Wish wish, OfItem seen) {
        var hosts = seen.hosts.map(curves -> {
            var profiles = new TreeMap<String, holdfast.calendar.Profile>();
            curves.forEach((host, curve) -> profiles.put(host, curve.profile()));
            return (Map<String, holdfast.calendar.Profile>) profiles;
        });
        return new Draw(wish.item, wish.amount, wish.when, seen.left.profile(), hosts, wish.ofHost);
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(Json.text(this).getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// @throws IllegalStateException if these are not bytes that were made here
    static Given read(byte[] bytes) {
        try (var zip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            var text = new String(zip.readNBytes(LARGEST), UTF_8);
            return Json.read(text, Given.class);
        } catch (IOException e) {
            throw new IllegalStateException("what a decision looked at cannot be read: " + e.getMessage(), e);
        }
    }
}
