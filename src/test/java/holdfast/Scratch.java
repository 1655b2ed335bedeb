package holdfast;

import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory of a test's own, which goes with the test.
public record Scratch(Path path) implements AutoCloseable {
    public static Scratch directory() {
        try {
            return new Scratch(Files.createTempDirectory("holdfast-test"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            PrivateFiles.deleteTree(path);
        } catch (IOException e) { // what a guest that is just ending writes there is no failure of a test
            System.err.println("left behind: " + path + ": " + e);
        }
    }
}
