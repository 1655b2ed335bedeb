package holdfast.api.deltacloud;

import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a request turned out to be, so far; an answer tells of it whatever happens later.
final class Call {
    static final String ROOT = "api";
    static final String DRIVER = "driver";
    static final String PROVIDER = "provider";

    private static final Pattern WORD = Pattern.compile("[a-z0-9_-]{1,50}");
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,256}");
    private static final Set<String> OURS = Set.of("same-origin", "none");

    final HttpRequest request;
    final Way way;
    final Optional<Form> form;
    Map<String, String> fields;
    String driver = Ask.BROKER;
    Optional<String> provider = Optional.empty();

    Call(HttpRequest request) {
        this.request = request;
        this.way = Way.of(request.rawPath());
        this.fields = Fields.of(request, way, false);
        this.form = Form.wanted(Optional.ofNullable(fields.get("format")), request.header("Accept"));
    }

    Links links() {
        return new Links(request.base() + "/" + ROOT + way.first());
    }

    Replies.About about() {
        return new Replies.About(request, form, links(), driver, provider, fields);
    }

    List<String> below() {
        return way.segments().subList(1, way.segments().size());
    }

    /// Which driver and which provider: as headers say, else as the path says.
    void choose(VirtualCloud.Finder pools) {
        Fields.mustBeText(fields.values());
        if (way.segments().stream().anyMatch(segment -> segment.indexOf('\0') >= 0)) {
            throw new Problem(404, "there is nothing with a character 0 in its name");
        }
        var word = chosen("X-Deltacloud-Driver", DRIVER)
                .map(one -> one.toLowerCase(Locale.ROOT))
                .orElse(Ask.BROKER);
        if (!WORD.matcher(word).matches()) {
            throw Problem.malformed("there is no driver '" + Problem.shorten(word) + "'");
        }
        pools.unknown(word).ifPresent(why -> {
            throw Problem.malformed(why.message());
        });
        this.driver = word;
        var name = chosen("X-Deltacloud-Provider", PROVIDER);
        if (name.filter(one -> !NAME.matcher(one).matches()).isPresent()) {
            throw Problem.malformed("a provider has a name of 1 to 256 characters");
        }
        this.provider = name;
    }

    private Optional<String> chosen(String header, String parameter) {
        return request.header(header)
                .or(() -> Optional.ofNullable(way.matrix().get(parameter)))
                .filter(one -> !one.isBlank());
    }

    /// A browser says from whose page a request comes.
    void mustBeOurs() {
        boolean foreign = request.header("Sec-Fetch-Site")
                .map(site -> !OURS.contains(site))
                .orElseGet(() -> request.header("Origin")
                        .filter(origin -> !origin.equals(request.base()))
                        .isPresent());
        if (foreign) {
            throw new Problem(403, "pages of other sites may change nothing here");
        }
    }

    Problem unauthorized() {
        var base = request.base();
        var host = base.substring(base.indexOf("://") + 3);
        return new Problem(
                401,
                "Authentication failed",
                Map.of("WWW-Authenticate", "Basic realm=\"" + driver + "-deltacloud@" + host + "\""));
    }
}
