package holdfast;

import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/// The tests that come with Apache Deltacloud, of a checkout in the directory that `HOLDFAST_DELTACLOUD_SUITE` names,
/// or a loud skip without one. They are in Ruby, and run with `ruby` and what [#NEEDED] says.
final class RubySuite {
    private static final String GEMS =
            "%w[minitest rest-client nokogiri faraday xmlsimple].each { |name| require name }";
    private static final String NEEDED =
            "Debian: apt install ruby ruby-minitest ruby-nokogiri ruby-rest-client" + " ruby-faraday ruby-xml-simple";
    private static final int TOLD_AT_MOST = 4_000;

    private final Path checkout;
    private final Path work;

    /// What became of one test.
    ///
    /// @param group the class or the `describe` that it is in
    /// @param message why it failed or was skipped
    record Outcome(String group, String name, State state, String message) {}

    /// As it ended.
    enum State {
        PASSED,
        FAILED,
        SKIPPED
    }

    /// What a process came to.
    ///
    /// @param output the end of what it said
    record Ended(int code, String output) {}

    private RubySuite(Path checkout) {
        this.checkout = checkout;
        try {
            work = Files.createTempDirectory("holdfast-ruby");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The checkout, or a loud skip.
    static RubySuite open() {
        var named = Optional.ofNullable(System.getenv("HOLDFAST_DELTACLOUD_SUITE"))
                .map(Path::of)
                .map(Path::toAbsolutePath);
        if (named.isEmpty()) throw skipped("HOLDFAST_DELTACLOUD_SUITE names no checkout of apache/deltacloud.");
        if (!Files.isDirectory(named.get().resolve("tests")))
            throw skipped("There is no checkout in " + named.get() + ".");
        var suite = new RubySuite(named.get());
        var able = suite.ruby(Duration.ofMinutes(1), Map.of(), "-e", GEMS);
        if (able.code != 0) throw skipped("Ruby lacks something: " + able.output + ". " + NEEDED + ".");
        return suite;
    }

    private static RuntimeException skipped(String why) {
        System.err.println("SKIPPED: no test of Apache Deltacloud's own ran. " + why
                + " Run them with: ./check --with-deltacloud DIRECTORY (docs/api-deltacloud.md)");
        Assumptions.abort("no suite of Apache Deltacloud; ./check --with-deltacloud DIRECTORY");
        return new IllegalStateException();
    }

    Path checkout() {
        return checkout;
    }

    /// A file of ours for use with those of the checkout: of the resources in `deltacloud`.
    Path own(String name) {
        try (var content = RubySuite.class.getResourceAsStream("/deltacloud/" + name)) {
            return Files.write(work.resolve(name), content.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a file of tests, and is one test for each of it.
    ///
    /// @param file below the checkout, such as `tests/deltacloud/realms_test.rb`
    /// @param config what `config.yaml` shall say
    /// @param options of ruby, before the file, such as `-I` with a directory
    DynamicNode tests(String file, String config, String... options) {
        return DynamicContainer.dynamicContainer(file, Stream.of(file).flatMap(it -> nodes(run(it, config, options))));
    }

    private static Stream<DynamicNode> nodes(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(one -> DynamicTest.dynamicTest(one.group + ": " + one.name, () -> {
                    Assumptions.assumeFalse(one.state == State.SKIPPED, one.message);
                    if (one.state == State.FAILED) Assertions.fail(one.message);
                }));
    }

    /// What became of the tests in a file. The last says whether the file could be loaded, and cleared away after.
    List<Outcome> run(String file, String config, String... options) {
        try {
            var name = file.replace('/', '-');
            var settings = Files.writeString(work.resolve(name + ".yaml"), config);
            var told = work.resolve(name + ".told");
            var words = new ArrayList<String>(List.of(options));
            words.add(
                    own("suite.rb").toString()); // lets old tests run with Ruby of today, and tells what became of each
            words.add(checkout.resolve(file).toString());
            var ended = ruby(
                    Duration.ofMinutes(15),
                    Map.of("CONFIG", settings.toString(), "TOLD", told.toString()),
                    words.toArray(String[]::new));
            var outcomes = new ArrayList<Outcome>();
            if (Files.exists(told)) {
                for (var line : Files.readAllLines(told)) outcomes.add(Json.read(line, Outcome.class));
            }
            boolean failed = outcomes.stream().anyMatch(one -> one.state == State.FAILED);
            var state = ended.code == 0 || failed ? State.PASSED : State.FAILED;
            outcomes.add(new Outcome("all", "loads, and leaves nothing behind", state, ended.output));
            return outcomes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs Ruby in the directory of the checkout's tests.
    ///
    /// @param limit when it is stopped, which is a failure
    Ended ruby(Duration limit, Map<String, String> environment, String... words) {
        try {
            var output = Files.createTempFile(work, "ruby", ".log");
            var command = new ArrayList<String>(List.of("ruby"));
            command.addAll(List.of(words));
            var builder = new ProcessBuilder(command)
                    .directory(checkout.resolve("tests").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
            if (!ended) process.destroyForcibly().waitFor();
            var said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            var end = said.substring(Math.max(0, said.length() - TOLD_AT_MOST));
            return new Ended(ended ? process.exitValue() : -1, ended ? end : end + "\nnot ended after " + limit);
        } catch (IOException e) {
            return new Ended(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
