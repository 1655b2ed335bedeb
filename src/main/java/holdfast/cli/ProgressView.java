package holdfast.cli;

import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// Shows how slivers get on: redrawn in place where somebody looks, else one line for each change.
final class ProgressView implements AutoCloseable {
    private static final int MOST_LINES = 20;
    private static final int BAR = 16;

    private final Terminal terminal;
    private final boolean inPlace;
    private final java.io.PrintWriter to;
    private final Platform platform;
    private final Instant began;
    private final Map<String, String> said = new HashMap<>();
    private int drawn;

    /// @param to where progress goes: the terminal's `err`, or its `out` where it belongs to the story
    ProgressView(Terminal terminal, java.io.PrintWriter to, boolean inPlace, Platform platform) {
        this.terminal = terminal;
        this.to = to;
        this.inPlace = inPlace;
        this.platform = platform;
        this.began = platform.now();
    }

    /// Time since the first moment.
    Duration elapsed() {
        return Duration.between(began, platform.now());
    }

    void show(SliceView slice) {
        if (inPlace) redraw(slice);
        else tellChanges(slice);
        to.flush();
    }

    /// A line that stays.
    void say(String line) {
        wipe();
        to.println(line);
        to.flush();
    }

    private void tellChanges(SliceView slice) {
        var stamp = stamp();
        for (var sliver : slice.slivers())
            tell(sliver.id(), sliver.phase(), line -> to.println(stamp + sliver.name() + "  " + line));
        tell(slice.id(), slice.state(), line -> to.println(stamp + "slice " + slice.name() + "  " + line));
    }

    private void tell(String id, String phase, Consumer<String> line) {
        var before = Objects.requireNonNullElse(said.put(id, phase), "");
        boolean lessThanBefore = before.startsWith(phase + " "); // the same state, its steps being over
        if (!phase.equals(before) && !lessThanBefore) line.accept(phase);
    }

    private String stamp() {
        return String.format(Locale.ROOT, "%6.1f s  ", elapsed().toMillis() / 1000.0);
    }

    private void redraw(SliceView slice) {
        wipe();
        var slivers = slice.slivers();
        var lines = new ArrayList<String>();
        int name = slivers.stream()
                .mapToInt(sliver -> sliver.name().length())
                .max()
                .orElse(0);
        shown(slivers).forEach(sliver -> lines.add(line(sliver, name)));
        if (slivers.size() > MOST_LINES) {
            long active = slivers.stream()
                    .filter(sliver -> sliver.state().equals("active"))
                    .count();
            lines.add("  ... %d of %d slivers active".formatted(active, slivers.size()));
        }
        lines.add(
                stamp() + "slice " + slice.name() + "  " + terminal.styled(States.style(slice.state()), slice.state()));
        lines.forEach(to::println);
        drawn = lines.size();
    }

    /// Those that are not done come first where not all have a line.
    private static List<SliverView> shown(List<SliverView> slivers) {
        if (slivers.size() <= MOST_LINES) return slivers;
        return slivers.stream()
                .sorted(java.util.Comparator.comparing(sliver -> sliver.state().equals("active")))
                .limit(MOST_LINES)
                .toList();
    }

    private String line(SliverView sliver, int nameWidth) {
        int full = (int) Math.round(sliver.share() * BAR);
        var bar = "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
        var name = sliver.name() + " ".repeat(nameWidth - sliver.name().length());
        int room = Math.max(20, terminal.width() - nameWidth - BAR - 8);
        var phase = sliver.phase();
        if (phase.length() > room) phase = phase.substring(0, room - 3) + "...";
        return "  " + name + "  " + bar + "  " + terminal.styled(States.style(sliver.state()), phase);
    }

    private void wipe() {
        if (drawn > 0) to.print("\033[" + drawn + "A\033[J");
        drawn = 0;
    }

    /// What is drawn stays as it is.
    @Override
    public void close() {
        drawn = 0;
    }
}
