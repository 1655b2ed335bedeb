package holdfast.engine.types;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads the processes of a type: those of the default life if it lives that, then its own, which replace those of
/// the same verb where they stand, or follow.
final class ProcessReader {
    private static final int MOST = 100;
    private static final int STATES = 100;
    private static final Pattern VERB = Pattern.compile("[a-z][a-z0-9]{0,62}");
    private static final Pattern PROCESS = Pattern.compile("[a-z][a-z0-9]{0,62}\\.[a-z][a-z0-9]{0,62}");
    private static final Pattern FIELD = Pattern.compile("[a-z][A-Za-z0-9]{0,62}");
    private static final Set<String> KEYS =
            Set.of("field", "start", "during", "done", "failed", "delegate", "nested", "description", "timer");

    private final String type;
    private final Part top;
    private final boolean timers;

    /// @param timers whether processes without states are allowed
    ProcessReader(String type, Part top, boolean timers) {
        this.type = type;
        this.top = top;
        this.timers = timers;
    }

    List<ProcessType> all() {
        var byVerb = new LinkedHashMap<String, ProcessType>();
        life().forEach(process -> byVerb.put(process.verb(), process));
        top.at("processes")
                .ifPresent(own -> own.entries(MOST).forEach((verb, part) -> {
                    if (!VERB.matcher(verb).matches()) {
                        throw part.refused(Part.quoted(verb)
                                + " is not the name of a process: a lower-case letter, then at most 62 lower-case letters and"
                                + " digits");
                    }
                    byVerb.put(verb, one(verb, part));
                }));
        if (byVerb.size() > MOST) {
            throw Part.refused("processes", "there are " + byVerb.size() + " processes; the most is " + MOST);
        }
        return List.copyOf(byVerb.values());
    }

    private List<ProcessType> life() {
        var life = top.at("life");
        if (life.isEmpty()) {
            for (var key : List.of("rename", "without")) {
                top.at(key).ifPresent(part -> {
                    throw part.refused(key + " goes with `life: default` only");
                });
            }
            return List.of();
        }
        if (!life.get().text(100).equals("default")) {
            throw life.get().refused("the only life with a name is default; leave it out and give processes");
        }
        var states = new LinkedHashMap<String, String>();
        var verbs = new LinkedHashMap<String, String>();
        top.at("rename").ifPresent(rename -> {
            rename.only(Set.of("states", "processes"));
            rename.at("states")
                    .ifPresent(part -> part.entries(STATES).forEach((from, to) -> {
                        if (!Life.hasState(from)) {
                            throw to.refused("the default life has no state " + Part.quoted(from));
                        }
                        states.put(from, to.state());
                    }));
            rename.at("processes")
                    .ifPresent(part -> part.entries(MOST).forEach((from, to) -> {
                        if (!Life.hasVerb(from)) {
                            throw to.refused("the default life has no process " + Part.quoted(from));
                        }
                        verbs.put(from, to.name(VERB, "a process is lower-case letters and digits"));
                    }));
        });
        var without = new LinkedHashSet<String>();
        top.at("without").ifPresent(list -> list.list(MOST).forEach(part -> without.add(part.text(100))));
        var whole = Life.of(type, states, verbs, Set.of());
        for (var verb : without) {
            if (whole.stream().noneMatch(process -> process.verb().equals(verb))) {
                throw Part.refused(top.pathOf("without"), "there is no process " + Part.quoted(verb) + " to leave out");
            }
        }
        return Life.of(type, states, verbs, without);
    }

    private ProcessType one(String verb, Part part) {
        part.only(KEYS);
        var delegate = part.at("delegate").map(name -> name.text(200));
        var nested = part.at("nested").stream()
                .flatMap(list -> list.list(MOST).stream())
                .map(name -> name.name(PROCESS, "a process is called type.verb"))
                .toList();
        return new ProcessType(
                ResourceType.prefix(type) + "." + verb,
                type,
                move(part),
                delegate,
                nested,
                part.at("description").map(words -> words.text(1_000)).orElse(""));
    }

    private Optional<Move> move(Part part) {
        if (part.flag("timer", false)) {
            if (!timers) {
                throw Part.refused(
                        part.pathOf("timer"),
                        "a timer needs a part of Holdfast that acts; give start, during and done");
            }
            return Optional.empty();
        }
        var start = start(part);
        var done = done(part, new LinkedHashSet<>(start.values()));
        var field = part.at("field")
                .map(name -> name.name(FIELD, "a field is letters and digits"))
                .orElse(Move.STATE);
        var failed = part.at("failed").map(state -> state.state());
        try {
            return Optional.of(new Move(field, start, done, failed));
        } catch (IllegalArgumentException e) {
            throw part.refused(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> start(Part part) {
        var during = part.need("during", "the state in which the process is under way");
        if (during.node().isObject()) {
            var start = states(during);
            part.at("start").ifPresent(given -> {
                if (!Set.copyOf(list(given)).equals(start.keySet())) {
                    throw given.refused("start names other states than during; leave it out");
                }
            });
            return start;
        }
        var state = during.state();
        var start = new LinkedHashMap<String, String>();
        var given = part.need("start", "the states from which the process may start");
        for (var from : list(given)) {
            if (start.put(from, state) != null) {
                throw given.refused("the state " + from + " is named twice");
            }
        }
        return start;
    }

    private static Map<String, String> done(Part part, Set<String> during) {
        var given = part.need("done", "the state to which the process leads");
        var done = new LinkedHashMap<String, String>();
        if (given.node().isObject()) {
            done.putAll(states(given));
        } else {
            var state = given.state();
            during.forEach(through -> done.put(through, state));
        }
        done.forEach((through, to) -> {
            if (through.equals(to)) {
                throw given.refused("it ends in its transitioning state " + to + "; name another done state");
            }
        });
        return done;
    }

    private static LinkedHashMap<String, String> states(Part map) {
        var states = new LinkedHashMap<String, String>();
        map.entries(STATES).forEach((from, to) -> {
            if (!Part.STATE.matcher(from).matches()) {
                throw to.refused(Part.quoted(from) + " is not right: " + Part.STATE_RULE);
            }
            states.put(from, to.state());
        });
        return states;
    }

    /// One state, or a list of them.
    private static List<String> list(Part part) {
        if (part.node().isString()) {
            return List.of(part.state());
        }
        var states = new ArrayList<String>();
        part.list(STATES).forEach(one -> states.add(one.state()));
        return states;
    }
}
