package holdfast.cli;

import holdfast.cli.Terminal.Style;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A slice as the server shows it, with its slivers if they came with it.
record SliceView(JsonNode json) {
    private static final Set<String> SETTLED =
            Set.of("StableOK", "StableError", "ModifyOK", "ModifyError", "AllocatedOK", "AllocatedError", "Dead");
    private static final Set<String> GOOD = Set.of("StableOK", "ModifyOK", "AllocatedOK");

    String id() {
        return Nodes.text(json, "id");
    }

    String name() {
        return Nodes.text(json, "name");
    }

    String state() {
        return Nodes.text(json, "state");
    }

    String end() {
        return Nodes.text(json, "end");
    }

    String start() {
        return Nodes.text(json, "start");
    }

    List<SliverView> slivers() {
        return Nodes.items(json, "slivers").stream().map(SliverView::new).toList();
    }

    /// Nothing more happens by itself before the term begins or ends. One whose tickets are all there goes on at
    /// once if its term has begun, so that counts only before it.
    boolean settled(java.time.Instant now) {
        if (state().equals("AllocatedOK")) return begins().isAfter(now);
        return SETTLED.contains(state());
    }

    private java.time.Instant begins() {
        return start().isEmpty() ? java.time.Instant.MIN : java.time.Instant.parse(start());
    }

    boolean good() {
        return GOOD.contains(state());
    }

    boolean dead() {
        return state().equals("Dead");
    }

    /// Exit status of a command that waited for it to be built.
    int exitCode() {
        if (good()) return ExitCode.OK;
        boolean noRoom =
                slivers().stream().anyMatch(sliver -> sliver.errorCode().equals("NoRoom"));
        return noRoom ? ExitCode.NO_ROOM : ExitCode.FAILED;
    }

    /// The whole as text: head, slivers, devices, what went wrong.
    String text(Terminal terminal) {
        var out = new StringBuilder(head(terminal));
        var slivers = Table.of("SLIVER", "SITE", "STATE", "HOST", "~SIZE", "~DEVICES");
        slivers()
                .forEach(sliver -> slivers.row(
                        sliver.name(),
                        sliver.site(),
                        Table.state(sliver.state()),
                        dash(sliver.host()),
                        sliver.size(),
                        dash(sliver.devices())));
        if (!slivers.isEmpty()) out.append('\n').append(slivers.text(terminal));
        var devices = devices();
        if (!devices.isEmpty()) out.append('\n').append(devices.text(terminal));
        for (var sliver : slivers()) {
            if (!sliver.step().isEmpty()) out.append("\n%s is at step %s\n".formatted(sliver.name(), sliver.step()));
            if (!sliver.error().isEmpty())
                out.append("\n")
                        .append(terminal.styled(Style.BAD, sliver.name() + ": " + sliver.error()))
                        .append('\n');
        }
        return out.toString();
    }

    private String head(Terminal terminal) {
        ZoneId zone = terminal.zone();
        var message = Nodes.text(json, "transitioningMessage");
        return """
                %s  %s%s
                id      %s
                owner   %s, project %s
                term    %s to %s
                """.formatted(
                        terminal.styled(Style.STRONG, name()),
                        terminal.styled(States.style(state()), state()),
                        message.isEmpty() ? "" : "  (" + message + ")",
                        id(),
                        dash(Nodes.text(json, "owner")),
                        dash(Nodes.text(json, "project")),
                        Times.minutes(start(), zone),
                        Times.minutes(end(), zone));
    }

    /// The addresses in each lease beside those that the guest sees.
    Table devices() {
        var table = Table.of("SLIVER", "DEVICE", "~MODEL", "PCI IN LEASE", "PCI IN GUEST", "GUEST SEES", "AS");
        for (var sliver : slivers()) {
            for (var unit : sliver.units()) {
                var component = Nodes.text(unit, "component");
                table.row(
                        sliver.name(),
                        component,
                        (Nodes.text(unit, "type") + " " + Nodes.text(unit, "model")).strip(),
                        dash(Nodes.text(unit, "bdf")),
                        dash(sliver.fact(component + ".guest.bdf")),
                        dash((sliver.fact(component + ".guest.id") + " " + driver(sliver, component)).strip()),
                        dash(as(sliver, component)));
            }
        }
        return table;
    }

    private static String as(SliverView sliver, String component) {
        if (sliver.fact(component + ".passthrough").equals("true")) return "passed through";
        if (sliver.fact(component + ".simulated").equals("true")) return "simulated";
        var emulated = sliver.fact(component + ".emulated.by");
        return emulated.isEmpty() ? "" : "emulated: " + emulated;
    }

    private static String driver(SliverView sliver, String component) {
        var driver = sliver.fact(component + ".guest.driver");
        return driver.isEmpty() || driver.equals("-") ? "" : "(" + driver + ")";
    }

    static String dash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
