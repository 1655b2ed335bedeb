package holdfast.drivers.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.authority.Driver.Spec;
import holdfast.core.CloudSupply;
import holdfast.platform.KeystoneCredentials;
import holdfast.platform.WebClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// A driver and the cloud behind it: recorded, or real.
final class TestCloud implements AutoCloseable {
    static final UUID OWNER = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0001L);
    private static final int TRIES = 300;

    final OpenStack driver;
    final FaultyProxy proxy;
    /// Another Holdfast, with the same account.
    final OpenStack stranger;
    private final Account account;
    private final InstantSource clock;
    private final Wire wire;
    private final Runnable pause;
    private final Consumer<TestCloud> end;

    private TestCloud(
            Wire.Peer peer,
            String user,
            String password,
            InstantSource clock,
            Runnable pause,
            Consumer<TestCloud> end) {
        this.proxy = new FaultyProxy(peer);
        this.wire = new Wire(proxy);
        this.pause = pause;
        this.end = end;
        this.clock = clock;
        this.account = account(wire.url().resolve("/0"), user, password);
        this.driver = new OpenStack(OWNER, account, Limits.STANDARD, clock);
        this.stranger = new OpenStack(new UUID(7, 7), account, Limits.STANDARD, clock);
    }

    static Account account(URI identity, String user, String password) {
        return new Account(
                new KeystoneCredentials(identity, user, "Default", password, user, "Default"),
                Optional.of("RegionOne"));
    }

    /// @param user with a project of that name
    static TestCloud recorded(String story, String user) {
        var read = Story.read(story);
        var replay = new Replay(read);
        Instant at = read.at();
        return new TestCloud(replay, user, Story.PASSWORD, () -> at, () -> {}, _ -> replay.check());
    }

    /// With `-Dholdfast.bless=true` the story is written anew.
    static TestCloud real(Lab lab, String story, String user) {
        Runnable pause = () -> LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        var clock = InstantSource.system();
        if (!Boolean.getBoolean("holdfast.bless"))
            return new TestCloud(lab, user, lab.password(), clock, pause, TestCloud::clean);
        var recorder = new Recorder(lab, lab.password(), clock.instant());
        return new TestCloud(recorder, user, lab.password(), clock, pause, cloud -> {
            recorder.write(story);
            cloud.clean();
        });
    }

    /// Asks until it is done.
    Map<String, String> done(Key key, Spec spec) {
        return done(driver, key, spec);
    }

    Map<String, String> done(OpenStack who, Key key, Spec spec) {
        return finish(() -> who.ensure(key, spec));
    }

    void removed(Key key) {
        removed(driver, key);
    }

    void removed(OpenStack who, Key key) {
        finish(() -> who.remove(key));
    }

    /// @return why
    String failed(Key key, Spec spec) {
        for (int n = 0; n < TRIES; n++) {
            switch (driver.ensure(key, spec)) {
                case Result.Failed(var why) -> {
                    return why;
                }
                case Result.Later _ -> pause.run();
                case Result.Done _ -> throw new AssertionError("done, and should have failed");
            }
        }
        throw new AssertionError("never failed");
    }

    private Map<String, String> finish(Supplier<Result> verb) {
        var waited = new ArrayList<String>();
        for (int n = 0; n < TRIES; n++) {
            switch (verb.get()) {
                case Result.Done(var facts) -> {
                    return facts;
                }
                case Result.Later(var why, var _) -> waited.add(why);
                case Result.Failed(var why) -> throw new AssertionError("failed: " + why + ", after " + waited);
            }
            pause.run();
        }
        throw new AssertionError("never done; waited for " + waited);
    }

    /// Asks until the answer has a word in it.
    void until(Supplier<String> question, String word) {
        for (int n = 0; n < TRIES; n++) {
            if (question.get().contains(word)) return;
            pause.run();
        }
        throw new AssertionError("never " + word);
    }

    void letTimePass() {
        pause.run();
    }

    /// One that knows nothing of what was done before.
    OpenStack restarted() {
        return new OpenStack(OWNER, account, Limits.STANDARD, clock);
    }

    /// The id of the user's project.
    String project() {
        return ask(Api::project);
    }

    /// Asks the cloud without the driver.
    <T> T ask(Function<Api, T> question) {
        try (var web = new WebClient(Duration.ofSeconds(3), 1 << 20)) {
            return question.apply(new Api(web, new Session(web, account, Limits.STANDARD, clock), Limits.STANDARD));
        }
    }

    CloudSupply supply() {
        return seen(driver.discover());
    }

    static <T> T seen(Cloud.Look<T> look) {
        assertThat(look).isInstanceOf(Cloud.Look.Seen.class);
        return ((Cloud.Look.Seen<T>) look).what();
    }

    @Override
    public void close() {
        end.accept(this);
        driver.close();
        stranger.close();
        wire.close();
    }

    /// A story that broke off leaves nothing behind.
    private void clean() {
        for (var who : List.of(driver, stranger)) {
            for (var key : who.list().reversed()) removed(who, key);
        }
    }
}
