package holdfast.drivers.deltacloud;

import holdfast.platform.XmlTree;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The life of instances at a cloud: which actions leave a state (aeolus.md 3.5).
///
/// @param actions by the state's name in lower case
record States(Map<String, Set<String>> actions) {
    private static final List<String> DESTROYABLE = List.of("running: reboot stop", "stopped: start destroy");
    private static final List<String> LOST_WHEN_STOPPED = List.of("running: reboot stop");
    private static final List<String> WITHOUT_REBOOT =
            List.of("running: stop", "stopping: stop", "stopped: start destroy");

    States {
        actions = Map.copyOf(actions);
    }

    static States read(XmlTree root) {
        var found = new HashMap<String, Set<String>>();
        for (var state : root.all("state")) {
            var leaving = new TreeSet<String>();
            state.all("transition").forEach(one -> one.attribute("action").ifPresent(leaving::add));
            state.attribute("name").ifPresent(name -> found.put(plain(name), leaving));
        }
        return new States(found);
    }

    /// For a server that does not say.
    static States of(String driver) {
        return parse(
                switch (driver) {
                    case "openstack", "rackspace" -> LOST_WHEN_STOPPED;
                    case "rhevm", "fgcp" -> WITHOUT_REBOOT;
                    case "vsphere" -> List.of("running: reboot stop", "stopping: stop", "stopped: start destroy");
                    case "opennebula" -> List.of("running: stop destroy", "stopped: start");
                    case "digitalocean" -> List.of("running: reboot stop destroy", "stopped: start destroy");
                    default -> DESTROYABLE;
                });
    }

    private static States parse(List<String> lines) {
        var found = new HashMap<String, Set<String>>();
        for (var line : lines) {
            var parts = line.split(": ", 2);
            found.put(parts[0], Set.of(parts[1].split(" ")));
        }
        return new States(found);
    }

    /// `shutting-down` and `finished` are what older servers say.
    private static String plain(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "shutting-down", "shutting_down" -> "stopping";
            case "finished" -> "finish";
            case String other -> other;
        };
    }

    boolean allow(Power power, String action) {
        return actions.getOrDefault(power.name().toLowerCase(Locale.ROOT), Set.of())
                .contains(action);
    }
}
