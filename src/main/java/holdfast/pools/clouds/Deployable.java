package holdfast.pools.clouds;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.XmlTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// The XML that says what a deployment is made of (aeolus.md 5.1). Names, profiles and images matter here; all else in
/// it, such as services and what they return, is kept and given back as it came.
///
/// @param name of the deployable
/// @param assemblies 1..100 with names that are unique
public record Deployable(String name, String description, List<Assembly> assemblies) {
    /// So many characters at most.
    public static final int LONGEST = 1 << 16;

    private static final int MOST = 100;
    private static final int LONGEST_NAME = 100;
    private static final String FIELD = "deployable";

    public Deployable {
        assemblies = List.copyOf(assemblies);
    }

    /// One instance of it.
    ///
    /// @param profile id or name of a front-end profile
    /// @param image id of a broker image
    /// @param build a version of that; empty = the newest
    public record Assembly(String name, String profile, String image, Optional<String> build) {}

    /// @return MALFORMED if it is no such XML, or larger than anything that is taken
    public static Answer<Deployable> read(String xml) {
        if (xml.length() > LONGEST) {
            return no("is longer than " + LONGEST + " characters");
        }
        return XmlTree.read(xml).flatMap(Deployable::of);
    }

    private static Answer<Deployable> of(XmlTree root) {
        if (!root.name().equals("deployable")) {
            return no("begins with " + root.name() + " and not with deployable");
        }
        var name = root.attribute("name");
        var said = root.child("assemblies").map(all -> all.all("assembly")).orElse(List.of());
        if (name.isEmpty() || said.isEmpty() || said.size() > MOST) {
            return no("has a name, and 1 to " + MOST + " assemblies");
        }
        var assemblies = new ArrayList<Assembly>();
        var names = new HashSet<String>();
        for (var one : said) {
            var called = one.attribute("name").filter(word -> word.length() <= LONGEST_NAME);
            if (called.isEmpty() || !names.add(called.get())) {
                return no("has an assembly without a name of its own");
            }
            var profile = one.attribute("hwp");
            var image = one.child("image");
            var id = image.flatMap(named -> named.attribute("id"));
            if (profile.isEmpty() || id.isEmpty()) {
                return no("does not say hwp and image of " + called.get());
            }
            var build = image.flatMap(named -> named.attribute("build")).filter(word -> !word.isBlank());
            assemblies.add(new Assembly(called.get(), profile.get(), id.get(), build));
        }
        return Answer.yes(new Deployable(
                name.get(),
                Optional.of(root).flatMap(all -> all.says("description")).orElse(""),
                assemblies));
    }

    private static Answer<Deployable> no(String why) {
        return Answer.no(Refusal.malformed(FIELD, "Deployable " + why));
    }
}
