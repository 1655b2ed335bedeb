package holdfast;

import holdfast.broker.CapacityMap;
import holdfast.broker.CapacityMap.Part;
import holdfast.broker.Directory.Where;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.notifications.Threshold.Figure;
import holdfast.notifications.Thresholds.Gauge;
import holdfast.notifications.Thresholds.Reading;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What thresholds watch: the broker's figures of what providers have, as they are now.
public record CapacityGauge(Platform platform, CapacityMap map) implements Gauge {
    @Override
    public List<Reading> read(Tx tx, Optional<String> zone) {
        var now = CapacityMap.instant(platform.now());
        return switch (map.quadruple(tx, new Where(Optional.empty(), zone), now)) {
            case Answer.No<CapacityMap.Standings> _ -> List.of();
            case Answer.Yes<CapacityMap.Standings>(var found) ->
                found.parts().stream()
                        .filter(part -> part.area().zone().isPresent() == zone.isPresent())
                        .map(CapacityGauge::reading)
                        .toList();
        };
    }

    private static Reading reading(Part part) {
        var quadruple = part.standing().quadruple();
        var amounts = new EnumMap<Figure, Map<String, Long>>(Figure.class);
        for (var figure : Figure.values()) {
            var found = switch (figure) {
                case AVAILABLE -> quadruple.available();
                case RESERVED -> quadruple.reserved();
                case TOTAL -> quadruple.total();
                case ALLOCATED -> quadruple.allocated();
            };
            amounts.put(figure, counted(part, found));
        }
        return new Reading(part.area().words(), part.area().zone(), amounts);
    }

    /// With the zeros.
    private static Map<String, Long> counted(Part part, Capacities amount) {
        var counted = new TreeMap<String, Long>();
        part.standing().dimensions().forEach(name -> counted.put(name, amount.get(name)));
        return counted;
    }
}
