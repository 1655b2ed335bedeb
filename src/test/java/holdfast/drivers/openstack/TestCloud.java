package holdfast.drivers.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.authority.Driver.Spec;
import holdfast.core.CloudSupply;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A driver and the cloud behind it: recorded, or real.
final class TestCloud implements AutoCloseable {
    private static final int TRIES = 300;

    final OpenStack driver;
    final FaultyProxy proxy;
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
        this.driver = new OpenStack(account(wire.url().resolve("/0"), user, password), Limits.STANDARD, clock);
    }

    static Account account(URI identity, String user, String password) {
        return new Account(identity, Optional.of("RegionOne"), user, "Default", password, user, "Default");
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
        return finish(() -> driver.ensure(key, spec));
    }

    void removed(Key key) {
        finish(() -> driver.remove(key));
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
        wire.close();
    }

    /// A story that broke off leaves nothing behind.
    private void clean() {
        for (var key : driver.list().reversed()) removed(key);
    }
}
