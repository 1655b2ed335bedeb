package holdfast.api.deltacloud;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Pages for people (aeolus.md 5.3.10): what XML says as lists of terms, links to follow, and a form for whatever can
/// be done. No scripts.
final class Page {
    private static final String STYLE =
            "body{font-family:sans-serif;margin:2em;max-width:70em}dl{margin:.2em 0 .2em 1.5em}dt{font-weight:bold}"
                    + "form{display:inline-block;margin:.3em .6em .3em 0}label{display:block;margin:.3em 0}"
                    + "section{border-top:1px solid #ccc;padding:.5em 0}";
    private static final Set<String> WITHOUT_FORM = Set.of("show", "index", "create", "run");

    private final Links links;

    Page(Links links) {
        this.links = links;
    }

    Element of(Document document) {
        return of(document.title(), List.of(described(document.xml())));
    }

    /// The entry point, with the choice of another driver or provider.
    Element entry(Document document) {
        var choice = Stream.of("driver", "provider")
                .map(Operation.Param::of)
                .map(param -> label(param, Map.of()))
                .toList();
        return of(
                document.title(),
                List.of(
                        described(document.xml()),
                        Element.of("section", submit("use", links.root(), "post", choice, false))));
    }

    /// A collection, or one of it, with what can be done to it. One that says its actions can be destroyed if it
    /// says so.
    Element of(Document document, Collection collection, List<String> path) {
        var parts = new ArrayList<Element>();
        parts.add(described(document.xml()));
        if (collection.name().equals(States.NAME)) {
            parts.add(Element.of(
                    "p",
                    Element.text("a", "as a picture").with("href", links.collection(States.NAME) + "?format=svg")));
        }
        boolean says = !path.isEmpty() && document.xml().has("actions");
        for (var operation : collection.operations()) {
            if (path.isEmpty() && operation.name().equals("create")) {
                parts.add(Element.of(
                        "p", Element.text("a", "New").with("href", links.collection(collection.name()) + "/new")));
            }
            boolean destroys =
                    operation.method().equals("DELETE") && operation.path().size() == path.size();
            if (!path.isEmpty() && isOf(operation, path.size()) && !(says && destroys)) {
                parts.add(form(operation, address(collection, operation, path), Map.of()));
            }
        }
        return of(document.title(), parts);
    }

    /// The form that makes a new one.
    ///
    /// @param known fields that the link to it names already
    Element create(Collection collection, Operation operation, Map<String, String> known) {
        return of("New in " + collection.name(), List.of(form(operation, links.collection(collection.name()), known)));
    }

    /// What is done to one thing, and not already a link of it.
    ///
    /// @param depth segments of its path
    private static boolean isOf(Operation operation, int depth) {
        var path = operation.path();
        return path.size() >= depth
                && path.subList(0, depth).stream().allMatch("*"::equals)
                && !path.subList(depth, path.size()).contains("*")
                && !WITHOUT_FORM.contains(operation.name())
                && (operation.method().equals("DELETE")
                        || operation.method().equals("POST")
                                && !operation.params().isEmpty());
    }

    private String address(Collection collection, Operation operation, List<String> path) {
        return links.member(
                collection.name(),
                path.getFirst(),
                Stream.concat(path.stream(), operation.path().stream().skip(path.size()))
                        .skip(1)
                        .toArray(String[]::new));
    }

    private Element of(String title, List<Element> parts) {
        var body = new ArrayList<Element>();
        body.add(Element.of("p", Element.text("a", "Deltacloud API").with("href", links.root())));
        body.add(Element.text("h1", title));
        body.addAll(parts);
        return Element.of(
                        "html",
                        Element.of(
                                "head",
                                Element.of("meta").with("charset", "utf-8"),
                                Element.text("title", title),
                                Element.text("style", STYLE)),
                        Element.of("body", body))
                .with("lang", "en");
    }

    private Element described(Element element) {
        if (element.name().equals("link") && element.attributes().containsKey("method")) {
            return button(element.attributes());
        }
        var parts = new ArrayList<Element>();
        var href = element.attributes().get("href");
        if (href != null) {
            var name =
                    element.attributes().getOrDefault("id", element.attributes().getOrDefault("rel", href));
            parts.add(Element.text("a", name).with("href", href));
        }
        element.attributes().forEach((name, value) -> {
            if (!name.equals("href") && (href == null || !name.equals("id") && !name.equals("rel"))) {
                parts.add(Element.text("span", " " + name + ": " + value));
            }
        });
        if (!element.text().isEmpty()) {
            parts.add(Element.text("span", (parts.isEmpty() ? "" : " ") + element.text()));
        }
        var term = Element.text("dt", element.name());
        if (element.children() instanceof List<Element> all) {
            all.stream().map(this::described).forEach(parts::add);
            return Element.of("dl", term, Element.of("dd", parts));
        }
        var flow = StreamSupport.stream(element.children().spliterator(), false).map(this::described);
        return Element.of(
                "dl",
                term,
                Element.flowing("dd", Stream.concat(parts.stream(), flow).iterator()));
    }

    private static Element button(Map<String, String> link) {
        var name = link.getOrDefault("rel", "");
        var href = link.getOrDefault("href", "");
        if (link.getOrDefault("method", "get").equals("get") || name.startsWith("create_")) {
            return Element.text("a", name).with("href", name.startsWith("create_") ? made(href) : href);
        }
        return submit(name, href, link.getOrDefault("method", "post"), List.of(), false);
    }

    /// The page with the form, in place of what the form is sent to.
    private static String made(String href) {
        int end = href.indexOf(";", href.lastIndexOf('/'));
        return end < 0 ? href + "/new" : href.substring(0, end) + "/new" + href.substring(end);
    }

    private static Element form(Operation operation, String address, Map<String, String> known) {
        var labels =
                operation.params().stream().map(param -> label(param, known)).toList();
        boolean files =
                operation.params().stream().anyMatch(param -> param.type().equals("file"));
        return Element.of(
                "section",
                submit(operation.name(), address, operation.method().toLowerCase(Locale.ROOT), labels, files));
    }

    private static Element label(Operation.Param param, Map<String, String> known) {
        var input = Element.of("input")
                .with("name", param.name())
                .with("value", Optional.ofNullable(known.get(param.name())))
                .with(
                        "type",
                        param.name().contains("password")
                                ? "password"
                                : param.type().equals("file") ? "file" : "text");
        return Element.of(
                "label",
                Element.text("span", param.name() + (param.required() ? " * " : " ")),
                param.required() ? input.with("required", "required") : input);
    }

    private static Element submit(String name, String address, String method, List<Element> inner, boolean files) {
        var parts = new ArrayList<>(inner);
        if (!method.equals("post")) {
            parts.add(Element.of("input")
                    .with("type", "hidden")
                    .with("name", "_method")
                    .with("value", method));
        }
        parts.add(Element.text("button", name).with("type", "submit"));
        var form = Element.of("form", parts).with("method", "post").with("action", address);
        return files ? form.with("enctype", Fields.MULTIPART) : form;
    }
}
