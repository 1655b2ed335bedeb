package holdfast.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Runs a server in this process, for `up` and `demo`.
@FunctionalInterface
public interface ServerLauncher {
    /// Starts a server; returns when it takes requests.
    ///
    /// @throws holdfast.platform.CannotStartException when it cannot, with what to do about it
    Running start(Options options);

    /// How a server is to run.
    ///
    /// @param data the directory of database, token and machines; made if it is not there
    /// @param port on 127.0.0.1; 0 = any that is free
    /// @param database JDBC URL of a PostgreSQL to use instead of the embedded one
    /// @param config file with further settings
    /// @param sites what this server is the authority of, beside what it already knows
    /// @param firstSites taken in place of `sites` if these are empty and the data directory knows none yet
    record Options(
            Path data,
            int port,
            Optional<String> database,
            Optional<Path> config,
            List<Site> sites,
            List<Site> firstSites) {
        public Options {
            sites = List.copyOf(sites);
            firstSites = List.copyOf(firstSites);
        }
    }

    /// @param advertisement GraphML file that describes the site or the network
    /// @param driver what makes its leases real: `qemu`, `simulated`, or `auto` = qemu where guests can run
    record Site(Path advertisement, String driver) {
        /// From `FILE` or `FILE=DRIVER`.
        static Site parse(String text) {
            int at = text.lastIndexOf('=');
            return at < 0
                    ? new Site(Path.of(text), "auto")
                    : new Site(Path.of(text.substring(0, at)), text.substring(at + 1));
        }
    }

    /// A server that runs.
    interface Running extends AutoCloseable {
        /// Where it takes requests, such as `http://127.0.0.1:8580`.
        URI url();

        /// The file that holds the administrator's token.
        Path tokenFile();

        /// On what its sites run and where its data are, one fact in each line.
        List<String> describe();

        /// Stops it: takes no more requests, finishes what it has begun, stops the database. Twice is once.
        @Override
        void close();
    }
}
