package holdfast.api.cimi;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// One kind of resources: where it is, what there is of it, what can be done with it (aeolus.md 5.4.3).
interface Kind {
    /// Its segment in addresses, such as `machine_configurations`.
    String path();

    /// Such as `MachineConfiguration`.
    String type();

    /// The attribute of the entry point that leads to it, such as `machineConfigs`; empty if none does.
    Optional<String> entry();

    /// The name of the array in its collection, such as `machineConfigurations`.
    default String members() {
        return type().substring(0, 1).toLowerCase(Locale.ROOT) + type().substring(1) + "s";
    }

    /// What accounts must offer so that it can be served, as Deltacloud calls it, such as `storage_volumes`; empty
    /// if it is always there.
    default Optional<String> needs() {
        return Optional.empty();
    }

    /// Attributes beyond those of CIMI 1.0, which the metadata tells.
    default List<String> extensions() {
        return List.of();
    }

    List<ObjectNode> all(Face face);

    /// What is asked for of very many, which are not held; empty if it is to be looked for among [#all].
    default Optional<Found> found(Face face, Query query) {
        return Optional.empty();
    }

    /// What matches a query.
    ///
    /// @param some the part that is asked for, taken once, while it is written
    /// @param total how many match
    record Found(Iterator<ObjectNode> some, int total) {}

    Optional<ObjectNode> one(Face face, String id);

    /// Counts the changes of one; empty for what does not change.
    default Optional<Long> version(Face face, String id) {
        return Optional.empty();
    }

    /// Whether one can be made.
    default boolean adds(Face face) {
        return false;
    }

    default Done create(Face face, ObjectNode body, Optional<String> token) {
        throw new Problem(405, "a " + type() + " cannot be made here");
    }

    default Done edit(Face face, String id, ObjectNode body, Optional<Long> version) {
        throw new Problem(405, "a " + type() + " cannot be changed here");
    }

    default Done delete(Face face, String id) {
        throw new Problem(405, "a " + type() + " cannot be deleted here");
    }

    /// @param action the last word of its address, such as `stop`
    default Done act(Face face, String id, String action, ObjectNode body) {
        throw Problem.nothing(type() + " action " + action);
    }

    /// A collection below one resource, such as the disks of a machine.
    default Optional<Part> part(Face face, String id, String name) {
        return Optional.empty();
    }

    /// Takes a member out of a collection below one resource.
    default Done remove(Face face, String id, String name, String member) {
        throw new Problem(405, "nothing can be deleted there");
    }

    /// @param type of the members, such as `Disk`
    /// @param members the name of their array
    /// @param add where another can be added; empty = nowhere
    record Part(String type, String members, List<ObjectNode> all, Optional<String> add) {
        static Part fixed(String type, String members, List<ObjectNode> all) {
            return new Part(type, members, all, Optional.empty());
        }
    }

    /// What became of a request.
    ///
    /// @param document to show; empty = nothing. It is of the kind that was asked, unless it tells another type.
    record Done(int status, Optional<ObjectNode> document, Map<String, String> headers) {
        static final String JOB = "CIMI-Job-URI";

        static Done ok(ObjectNode document) {
            return new Done(200, Optional.of(document), Map.of());
        }

        static Done nothing(int status) {
            return new Done(status, Optional.empty(), Map.of());
        }

        static Done created(ObjectNode document) {
            return new Done(
                    201,
                    Optional.of(document),
                    Map.of("Location", document.path("id").asString()));
        }

        /// The same, and where one can see how far it is.
        Done with(String name, String value) {
            var more = new TreeMap<>(headers);
            more.put(name, value);
            return new Done(status, document, more);
        }
    }
}
