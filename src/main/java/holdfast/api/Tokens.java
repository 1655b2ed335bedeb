package holdfast.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Caller;
import holdfast.platform.CannotStartException;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Whose token is whose. The administrator's token lies in the file `token` of the data directory and is made at the
/// first start; those of others are listed in `tokens.yaml` beside it, by their SHA-256, and a change there counts
/// within half a minute. In memory are hashes only.
///
/// ```yaml
/// - name: alice
///   project: physics
///   admin: false
///   readOnly: false
///   sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
/// ```
public final class Tokens {
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}][\\p{Alnum}._@-]{0,99}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");
    private static final int SHORTEST = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final Duration KEPT = Duration.ofSeconds(30);

    private final Platform platform;
    private final Path list;
    private final Known admin;
    private List<Known> others;
    private Instant read;

    private record Known(byte[] hash, Caller caller) {}

    private record Entry(
            @Nullable String name,
            @Nullable String project,
            @Nullable Boolean admin,
            @Nullable Boolean readOnly,
            @Nullable String sha256) {}

    private Tokens(Platform platform, Path list, Known admin) throws IOException {
        this.platform = platform;
        this.list = list;
        this.admin = admin;
        this.others = others(list);
        this.read = platform.now();
    }

    /// Reads the tokens of a data directory; makes the administrator's if there is none.
    ///
    /// @throws CannotStartException if a file cannot be read or is not as it should be
    public static Tokens open(Path data, Platform platform) {
        try {
            var admin = new Known(hash(admin(file(data))), new Caller("admin", "default", true));
            return new Tokens(platform, data.resolve("tokens.yaml"), admin);
        } catch (IOException e) {
            throw new CannotStartException("The tokens in " + data + " cannot be read or written: " + e, e);
        }
    }

    /// Where the administrator's token lies.
    public static Path file(Path data) {
        return data.resolve("token");
    }

    /// Who presents `token`; takes the same time whatever is wrong with it.
    Optional<Proof.Given> given(String token) {
        var presented = hash(token);
        return holder(presented)
                .map(caller -> new Proof.Given(
                        caller, new Proof(Optional.empty(), HexFormat.of().formatHex(presented))));
    }

    /// All that users of that name may be; nothing if there is none, or no more.
    List<Caller> named(String user) {
        return Stream.concat(Stream.of(admin), current().stream())
                .map(Known::caller)
                .filter(caller -> caller.user().equals(user))
                .toList();
    }

    /// Whose token has that hash.
    Optional<Caller> holder(String sha256) {
        return holder(HexFormat.of().parseHex(sha256));
    }

    private Optional<Caller> holder(byte[] presented) {
        Optional<Caller> found = Optional.empty();
        for (var one : current()) {
            if (MessageDigest.isEqual(one.hash, presented)) {
                found = Optional.of(one.caller);
            }
        }
        return MessageDigest.isEqual(admin.hash, presented) ? Optional.of(admin.caller) : found;
    }

    /// Read anew now and then. While the file is not as it should be, it is as it was.
    private synchronized List<Known> current() {
        if (platform.now().isAfter(read.plus(KEPT))) {
            read = platform.now();
            try {
                others = others(list);
            } catch (IOException | CannotStartException e) {
                LOG.warn("{} cannot be read again, so the tokens stay as they were: {}", list, e.getMessage());
            }
        }
        return others;
    }

    private static String admin(Path file) throws IOException {
        var token = PrivateFiles.readSecret(file).orElse("");
        if (token.isEmpty()) {
            token = PrivateFiles.newSecret();
            PrivateFiles.writeSecret(file, token + "\n");
        }
        if (token.length() < SHORTEST) {
            throw new CannotStartException(file + " holds a token of " + token.length()
                    + " characters, but it takes at least " + SHORTEST + "; delete the file to have a new one made.");
        }
        return token;
    }

    private static List<Known> others(Path file) throws IOException {
        var text = PrivateFiles.readSecret(file);
        return text.isPresent() ? others(file, text.get()) : List.of();
    }

    private static List<Known> others(Path file, String text) {
        Entry[] entries;
        try {
            entries = YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(text, Entry[].class);
        } catch (JacksonException e) {
            throw new CannotStartException(
                    file + " is not a list of name, project, admin, readOnly and sha256: " + e.getOriginalMessage(), e);
        }
        var others = new ArrayList<Known>();
        for (var entry : entries == null ? new Entry[0] : entries) {
            others.add(known(file, others.size() + 1, entry));
        }
        return others;
    }

    private static Known known(Path file, int number, Entry entry) {
        var name = part(file, number, "name", entry.name, NAME);
        var project = part(file, number, "project", entry.project, NAME);
        var sha256 = part(file, number, "sha256", entry.sha256, SHA256);
        return new Known(
                HexFormat.of().parseHex(sha256),
                new Caller(name, project, Boolean.TRUE.equals(entry.admin), Boolean.TRUE.equals(entry.readOnly)));
    }

    private static String part(Path file, int number, String field, @Nullable String value, Pattern shape) {
        if (value == null || !shape.matcher(value).matches()) {
            throw new CannotStartException(
                    file + ", entry " + number + ": " + field + " is " + value + ", but must match " + shape + ".");
        }
        return value;
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
