package holdfast;

import holdfast.authority.ClusterAuthority.Plan;
import holdfast.authority.Fabric;
import holdfast.core.Answer;
import holdfast.drivers.kubernetes.KubernetesFabric;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.CannotStartException;
import holdfast.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// An entry of section `clusters` of the settings file: a cluster of Kubernetes with Liqo whose room is sold to other
/// domains, and to which room that is bought there is added. What is bought goes to the first.
///
/// @param name what it is called among our sites
/// @param kubeconfig the file with that of an administrator; from the environment, variable
///     `HOLDFAST_KUBECONFIG_NAME` with the name in capitals, unless said here
/// @param clusterId what Liqo there calls it
/// @param mode `declarative`: a contract is a node of its own; `by-customer`: all contracts between two clusters are
///     one. `declarative` unless said otherwise
/// @param enforcement how strictly Liqo must keep pods of others within what was admitted: `Hard`, `Soft` or `None`;
///     `Hard` unless said otherwise
/// @param namespace where Liqo is; `liqo` unless said otherwise
record ClusterSettings(
        Optional<String> name,
        Optional<String> kubeconfig,
        Optional<String> clusterId,
        Optional<String> mode,
        Optional<String> enforcement,
        Optional<String> namespace) {
    private static final String VARIABLE = "HOLDFAST_KUBECONFIG_";
    private static final String BY_CUSTOMER = "by-customer";
    private static final List<String> MODES = List.of("declarative", BY_CUSTOMER);
    private static final List<String> ENFORCEMENTS = List.of("Hard", "Soft", "None");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}[a-z0-9]");
    private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
    private static final int MOST = 32;
    private static final long LONGEST = 64 << 10;

    /// A cluster that is asked nothing yet.
    record Known(Plan plan, Fabric fabric) {}

    /// All of them, in their order.
    ///
    /// @param policy where clusters of others may be
    /// @throws CannotStartException if something is missing or wrong
    static List<Known> open(
            List<ClusterSettings> all, Map<String, String> environment, CallbackPolicy policy, Platform platform) {
        if (all.size() > MOST) {
            throw new CannotStartException("clusters in the settings file has " + all.size() + " entries; there may be "
                    + MOST + ": give" + " the others to another server");
        }
        var names = new HashSet<String>();
        var ids = new HashSet<String>();
        for (int n = 0; n < all.size(); n++) {
            var one = all.get(n);
            if (!names.add(one.name.orElse("")) || !ids.add(one.clusterId.orElse(""))) {
                throw wrong(n, "name", "or its clusterId is that of another entry; each cluster is listed once");
            }
        }
        return IntStream.range(0, all.size())
                .mapToObj(n -> all.get(n).open(n, environment, policy, platform))
                .toList();
    }

    private Known open(int number, Map<String, String> environment, CallbackPolicy policy, Platform platform) {
        var site = needed(number, "name", name, NAME, "2 to 32 lower-case letters, digits and -");
        var id = needed(number, "clusterId", clusterId, ID, "lower-case letters, digits, - and ., as Liqo says it");
        var summing = word(number, "mode", mode, MODES).equals(BY_CUSTOMER);
        var limits = word(number, "enforcement", enforcement, ENFORCEMENTS);
        var liqo = needed(
                number,
                "namespace",
                namespace.or(() -> Optional.of(KubernetesFabric.LIQO)),
                ID,
                "the name of a namespace");
        var text = text(number, site, environment);
        return switch (KubernetesFabric.of(text, liqo, limits, policy, platform)) {
            case Answer.Yes<KubernetesFabric>(var fabric) -> new Known(new Plan(site, id, summing), fabric);
            case Answer.No<KubernetesFabric>(var why) ->
                throw wrong(
                        number,
                        "kubeconfig",
                        "names a file that is not taken: " + why.message()
                                + "; write one with 'kubectl config view --raw --flatten --minify'");
        };
    }

    private String text(int number, String site, Map<String, String> environment) {
        var variable = VARIABLE + site.toUpperCase(Locale.ROOT).replace('-', '_');
        var given = kubeconfig.isPresent() ? Optional.<String>empty() : Optional.ofNullable(environment.get(variable));
        if (given.isPresent()) {
            return given.get();
        }
        var file = Path.of(kubeconfig.orElseThrow(() -> wrong(
                number, "kubeconfig", "is missing, and so is the environment variable " + variable + ": name a file")));
        try {
            if (Files.size(file) > LONGEST) {
                throw wrong(number, "kubeconfig", "is '" + file + "', which is longer than " + LONGEST + " bytes");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw wrong(
                    number,
                    "kubeconfig",
                    "is '" + file + "', which cannot be read (" + e.getClass().getSimpleName()
                            + "): name a file that this server may read");
        }
    }

    private static String needed(int number, String field, Optional<String> value, Pattern rule, String words) {
        var text = value.filter(said -> !said.isBlank())
                .orElseThrow(() -> wrong(number, field, "is missing; write " + words));
        if (!rule.matcher(text).matches()) {
            throw wrong(number, field, "is '" + text + "'; it must be " + words);
        }
        return text;
    }

    private static String word(int number, String field, Optional<String> value, List<String> words) {
        var said = value.orElse(words.getFirst());
        if (!words.contains(said)) {
            throw wrong(number, field, "is '" + said + "'; write " + String.join(" or ", words));
        }
        return said;
    }

    private static CannotStartException wrong(int number, String field, String what) {
        return new CannotStartException("clusters[" + number + "]." + field + " in the settings file " + what);
    }

    /// Without what lets us in.
    @Override
    public String toString() {
        return "cluster " + name.orElse("?");
    }
}
