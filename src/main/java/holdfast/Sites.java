package holdfast;

import holdfast.core.RefusedException;
import holdfast.inventory.GraphMl;
import holdfast.inventory.Hosts;
import holdfast.platform.CannotStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The sites that a data directory knows: a directory with one advertisement and one driver name for each.
final class Sites {
    private static final String ADVERTISEMENT = ".graphml";
    private static final String DRIVER = ".driver";

    private final Path directory;

    Sites(Path directory) {
        this.directory = directory;
    }

    /// @param authority the name of its authority, such as `renc-am`
    /// @param graphMl its advertisement
    /// @param driver `qemu`, `simulated` or `auto`
    record Known(String authority, String graphMl, String driver) {}

    /// Remembers a site, in place of an older one of the same name.
    ///
    /// @throws CannotStartException if the advertisement cannot be read
    void remember(Path advertisement, String driver) {
        try {
            var text = Files.readString(advertisement);
            var authority = authority(text, advertisement);
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(authority + ADVERTISEMENT), text);
            Files.writeString(directory.resolve(authority + DRIVER), driver);
        } catch (RefusedException e) {
            throw new CannotStartException(
                    "the advertisement " + advertisement + " is not right: "
                            + e.refusal().message(),
                    e);
        } catch (IOException e) {
            throw new CannotStartException(
                    "the advertisement " + advertisement + " cannot be read or kept: " + e.getMessage(), e);
        }
    }

    /// By site code where there are hosts, by the file's name for a network.
    private static String authority(String graphMl, Path file) {
        var hosts = Hosts.of(GraphMl.read(graphMl));
        var name = hosts.isEmpty()
                ? file.getFileName().toString().replaceAll("\\.graphml$", "").replaceAll("(-site)?-ad$", "")
                : hosts.getFirst().site();
        return name.toLowerCase(Locale.ROOT) + "-am";
    }

    List<Known> all() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        var known = new ArrayList<Known>();
        try (var files = Files.list(directory)) {
            for (var file : files.filter(one -> one.toString().endsWith(ADVERTISEMENT))
                    .sorted()
                    .toList()) {
                var name = file.getFileName().toString();
                var authority = name.substring(0, name.length() - ADVERTISEMENT.length());
                known.add(new Known(
                        authority,
                        Files.readString(file),
                        Files.readString(directory.resolve(authority + DRIVER)).strip()));
            }
        } catch (IOException e) {
            throw new CannotStartException("the sites in " + directory + " cannot be read: " + e.getMessage(), e);
        }
        return known;
    }
}
