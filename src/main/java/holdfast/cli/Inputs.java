package holdfast.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Files that the user names.
final class Inputs {
    static final long LARGEST = 64L << 20;

    private Inputs() {}

    /// The text of a file; `-` is standard input.
    ///
    /// @throws CliException if it cannot be read, is not UTF-8, or is larger than 64 MB
    static String text(Path file) {
        try {
            if (file.toString().equals("-")) {
                var bytes = System.in.readNBytes((int) LARGEST + 1);
                if (bytes.length > LARGEST) throw tooLarge(file);
                return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
            }
            if (Files.isDirectory(file))
                throw new CliException(ExitCode.USAGE, file + " is a directory; a file is needed");
            if (Files.size(file) > LARGEST) throw tooLarge(file);
            return Files.readString(file);
        } catch (java.nio.charset.MalformedInputException _) {
            throw new CliException(ExitCode.FAILED, file + " is not a text in UTF-8");
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "the file cannot be read: " + why(file, e));
        }
    }

    private static CliException tooLarge(Path file) {
        return new CliException(ExitCode.FAILED, file + " is larger than 64 MB, the most that is taken");
    }

    static String why(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no file " + file;
            case AccessDeniedException _ -> file + " may not be read by this user";
            default -> file + ": " + e.getMessage();
        };
    }
}
