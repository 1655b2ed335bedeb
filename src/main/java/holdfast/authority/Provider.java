package holdfast.authority;

import holdfast.core.Answer;
import holdfast.core.CloudSupply;
import holdfast.core.Refusal;
import holdfast.protocol.Offer;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// An account at a cloud whose capacity is for sale here (promise.md 2.2, 2.4).
///
/// States: `connecting`, `up`, `degraded`, `down`, `removed`.
///
/// @param password sealed; empty for drivers that need none
/// @param bus where the cloud tells what happens in it; empty = it is only looked at
/// @param busPassword sealed
/// @param deaf why nothing is heard of the bus; empty while all is well
/// @param supply what was seen last
/// @param sequence counts the looks
/// @param lastSync when a look succeeded last
/// @param failingSince when the first of those looks was that failed since
/// @param astray what was not as it should be at the last look
public record Provider(
        Account account,
        Optional<String> password,
        Optional<Bus> bus,
        Optional<String> busPassword,
        Optional<String> deaf,
        Optional<CloudSupply> supply,
        long sequence,
        Optional<Instant> lastSync,
        Optional<Instant> failingSince,
        int failures,
        Astray astray) {
    public Provider {
        astray = astray == null ? Astray.NOTHING : astray; // kept before it was; the next look tells
    }

    static final String PASSWORD = "password";
    static final String BUS_PASSWORD = "notificationsPassword";
    /// The driver of another Holdfast.
    private static final String PEER = "holdfast";
    private static final String DELTACLOUD = "deltacloud";
    private static final String QEMU = "qemu";

    /// How to reach it, and how it is used.
    ///
    /// @param driver what serves it: `openstack`, `deltacloud`, `holdfast` (a peer), `simulated`; for pools also
    ///     `qemu`
    /// @param endpoint of its identity service; of a Deltacloud server its entry point; of a peer, its address
    /// @param region empty = the only one; at a Deltacloud server the value of `X-Deltacloud-Provider`
    /// @param zones availability zones that are used; none = all
    /// @param enforce whether others are kept off what is held; else it is only accounted for (promise.md 4.8)
    /// @param cleaningSeconds between two users of a host, 0..86,400
    /// @param pollSeconds between two looks, 5..86,400
    /// @param behind what a Deltacloud server stands before; empty for all other drivers
    public record Account(
            String driver,
            String endpoint,
            Optional<String> region,
            String username,
            String userDomain,
            String project,
            String projectDomain,
            List<String> zones,
            boolean enforce,
            int cleaningSeconds,
            int pollSeconds,
            Optional<Behind> behind) {
        private static final Pattern WORD = Pattern.compile("[a-z0-9_-]{1,64}");
        private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,255}");
        private static final List<String> DRIVERS = List.of("openstack", "deltacloud", "holdfast", "simulated");
        private static final int MOST_PORT = 65_535;
        private static final int DAY = 86_400;
        static final int LEAST_POLL = 5;
        private static final int MOST_ZONES = 100;

        public Account {
            zones = List.copyOf(zones);
            behind = behind == null ? Optional.empty() : behind; // kept before there was any
        }

        /// One that is not reached through a Deltacloud server.
        public Account(
                String driver,
                String endpoint,
                Optional<String> region,
                String username,
                String userDomain,
                String project,
                String projectDomain,
                List<String> zones,
                boolean enforce,
                int cleaningSeconds,
                int pollSeconds) {
            this(
                    driver,
                    endpoint,
                    region,
                    username,
                    userDomain,
                    project,
                    projectDomain,
                    zones,
                    enforce,
                    cleaningSeconds,
                    pollSeconds,
                    Optional.empty());
        }

        /// One that is reached through a Deltacloud server.
        public static Account deltacloud(
                String url, Optional<String> provider, String username, int pollSeconds, Behind behind) {
            return new Account(
                    DELTACLOUD,
                    url,
                    provider,
                    username,
                    "",
                    "",
                    "",
                    List.of(),
                    false,
                    0,
                    pollSeconds,
                    Optional.of(behind));
        }

        /// What is wrong with it.
        public Optional<Refusal> fault() {
            if (driver.equals(QEMU)) {
                return isHere(endpoint)
                        ? faultOfPoll()
                        : wrong("endpoint", "endpoint must be http://localhost/: guests of QEMU run on this host");
            }
            if (!DRIVERS.contains(driver)) {
                return noSuchDriver();
            }
            if (driver.equals("openstack") && !isWeb(endpoint)) {
                return wrong(
                        "endpoint", "endpoint must be the address of Keystone, such as https://cloud.example:5000/v3");
            }
            if (driver.equals(PEER) && !isWeb(endpoint)) {
                return wrong("endpoint", "endpoint must be the address of the peer, such as https://holdfast.example");
            }
            if (driver.equals(DELTACLOUD) != behind.isPresent()) {
                return wrong("deltacloudDriver", "deltacloudDriver is for the driver deltacloud, which needs it");
            }
            if (driver.equals(DELTACLOUD)) {
                return throughDeltacloud();
            }
            for (var one : List.of(List.of("username", username), List.of("projectName", project))) {
                if (driver.equals("openstack") && !NAME.matcher(one.getLast()).matches()) {
                    return wrong(one.getFirst(), one.getFirst() + " is missing, or longer than 255 characters");
                }
            }
            if (zones.size() > MOST_ZONES
                    || !zones.stream().allMatch(zone -> NAME.matcher(zone).matches())) {
                return wrong("zones", "zones are at most " + MOST_ZONES + " names of 1 to 255 characters");
            }
            if (cleaningSeconds < 0 || cleaningSeconds > DAY) {
                return wrong("cleaningSeconds", "cleaningSeconds is " + cleaningSeconds + "; it must be 0 to " + DAY);
            }
            return faultOfPoll();
        }

        private Optional<Refusal> throughDeltacloud() {
            if (!isWeb(endpoint)) {
                return wrong("endpoint", "endpoint must be the entry point, such as http://dc.example:3001/api");
            }
            if (!WORD.matcher(behind.orElseThrow().driver()).matches()) {
                return wrong("deltacloudDriver", "deltacloudDriver must be a word such as mock, ec2 or rhevm");
            }
            if (!NAME.matcher(username).matches() || username.contains(":")) {
                return wrong("username", "username is missing, longer than 255 characters, or has a colon in it");
            }
            if (!region.map(name -> NAME.matcher(name).matches()).orElse(true)) {
                return wrong("region", "region is longer than 255 characters, or has control characters in it");
            }
            return faultOfPoll();
        }

        private Optional<Refusal> faultOfPoll() {
            return pollSeconds < LEAST_POLL || pollSeconds > DAY
                    ? wrong(
                            "pollSeconds",
                            "pollSeconds is " + pollSeconds + "; it must be " + LEAST_POLL + " to " + DAY)
                    : Optional.empty();
        }

        /// What is wrong with it as one whose capacity is for sale by the hour.
        Optional<Refusal> faultForSale() {
            return driver.equals(QEMU) ? noSuchDriver() : fault();
        }

        private Optional<Refusal> noSuchDriver() {
            return wrong("driver", "driver is " + driver + "; there are: " + String.join(", ", DRIVERS));
        }

        /// Whether its cloud can tell what happens there. Simulated ones can so that it can be tried.
        boolean mayTell() {
            return !driver.equals(PEER) && !driver.equals(DELTACLOUD) && !driver.equals(QEMU);
        }

        /// Whether what is stopped there is gone.
        boolean stoppedDisappear() {
            return behind.filter(Behind::stoppedDisappear).isPresent();
        }

        /// A cloud as a Deltacloud server shows it (aeolus.md 2.3, 5.6).
        ///
        /// @param driver the value of `X-Deltacloud-Driver`
        /// @param stoppedDisappear what is stopped is gone
        /// @param destroys whether what is stopped can be destroyed; empty = as the provider says of its states
        /// @param rewriteHosts links lead to the host of the endpoint, whatever host they name: the server is
        ///     behind another that it does not know
        public record Behind(
                String driver, boolean stoppedDisappear, Optional<Boolean> destroys, boolean rewriteHosts) {}

        private static Optional<Refusal> wrong(String field, String message) {
            return Optional.of(Refusal.malformed(field, message));
        }

        private static boolean isHere(String address) {
            return isWeb(address)
                    && Set.of("localhost", "127.0.0.1", "[::1]")
                            .contains(URI.create(address).getHost());
        }

        private static boolean isWeb(String address) {
            try {
                var uri = new URI(address);
                return uri.getHost() != null
                        && uri.getUserInfo() == null // it is shown
                        && uri.getPort() <= MOST_PORT
                        && Set.of("http", "https").contains(String.valueOf(uri.getScheme()));
            } catch (URISyntaxException _) {
                return false;
            }
        }
    }

    static Answer<Provider> of(Account account, Optional<String> sealed) {
        return account.fault()
                .<Answer<Provider>>map(Answer::no)
                .orElseGet(() -> Answer.yes(new Provider(
                        account,
                        sealed,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Astray.NOTHING)));
    }

    /// Whether it has the same account and password as before.
    boolean isReachedAs(Provider before) {
        return account.equals(before.account) && password.equals(before.password);
    }

    /// What the broker may promise of it: nothing of a cloud that says neither what it has nor what is in use.
    Optional<Offer> offer(String name) {
        return supply.filter(_ -> account.behind().isEmpty())
                .map(seen -> new Offer(
                        name,
                        account.cleaningSeconds(),
                        account.enforce() && seen.keeper(),
                        account.driver().equals(PEER),
                        account.zones().isEmpty() ? seen : seen.in(account.zones())));
    }

    /// After a look that succeeded.
    Provider seen(CloudSupply now, Astray found, Instant at) {
        return new Provider(
                account,
                password,
                bus,
                busPassword,
                deaf,
                Optional.of(now),
                sequence + 1,
                Optional.of(at),
                Optional.empty(),
                0,
                found);
    }

    /// After one that failed.
    Provider unseen(Instant at) {
        return new Provider(
                account,
                password,
                bus,
                busPassword,
                deaf,
                supply,
                sequence,
                lastSync,
                Optional.of(failingSince.orElse(at)),
                failures + 1,
                astray);
    }

    /// With another account or password; it is looked at anew.
    Provider changed(Account next, Optional<String> sealed) {
        return new Provider(
                next,
                sealed.or(() -> password),
                bus,
                busPassword,
                deaf,
                supply,
                sequence,
                lastSync,
                Optional.empty(),
                0,
                astray);
    }

    /// Heard on another bus, or on none, or with another password.
    Provider heardOn(Optional<Bus> next, Optional<String> sealed) {
        return withBus(next, sealed, Optional.empty());
    }

    /// As it stands with listening.
    Provider hearing(Optional<String> trouble) {
        return withBus(bus, busPassword, trouble);
    }

    private Provider withBus(Optional<Bus> bus, Optional<String> busPassword, Optional<String> deaf) {
        return new Provider(
                account, password, bus, busPassword, deaf, supply, sequence, lastSync, failingSince, failures, astray);
    }

    /// With other orphans.
    Provider with(List<Orphan> orphans) {
        return new Provider(
                account,
                password,
                bus,
                busPassword,
                deaf,
                supply,
                sequence,
                lastSync,
                failingSince,
                failures,
                astray.with(orphans));
    }

    /// Whether it is heard on the same bus and with the same password as before.
    boolean isHeardAs(Provider before) {
        return bus.equals(before.bus) && busPassword.equals(before.busPassword);
    }
}
