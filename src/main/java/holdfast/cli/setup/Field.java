package holdfast.cli.setup;

import java.util.Optional;

/// A field of a kind.
///
/// @param of what a reference is to
/// @param place what it has to do with telling one of a kind from another
/// @param usual what it says if a file says nothing of it; empty if that means nothing
record Field(String name, Shape shape, Optional<Kind> of, Place place, String usual) {
    /// How a value is written in files and on the wire.
    enum Shape {
        TEXT,
        FLAG,
        NUMBER,
        PRICE,
        /// Words in their order.
        WORDS,
        SET,
        QUOTA,
        MEASURE,
        ARCHITECTURES,
        DEFINITIONS,
        CREDENTIALS,
        STRATEGIES,
        PRIVILEGES,
        ASSEMBLIES,
        REF,
        REFS
    }

    enum Place {
        /// Always part of the key.
        KEY,
        /// Part of the key if it is said.
        AMONG,
        BESIDE
    }

    static Field of(String name, Shape shape) {
        return new Field(name, shape, Optional.empty(), Place.BESIDE, "");
    }

    static Field text(String name) {
        return of(name, Shape.TEXT);
    }

    static Field ref(String name, Kind of) {
        return new Field(name, Shape.REF, Optional.of(of), Place.BESIDE, "");
    }

    static Field refs(String name, Kind of) {
        return new Field(name, Shape.REFS, Optional.of(of), Place.BESIDE, "");
    }

    Field key() {
        return new Field(name, shape, of, Place.KEY, usual);
    }

    Field among() {
        return new Field(name, shape, of, Place.AMONG, usual);
    }

    Field usually(String text) {
        return new Field(name, shape, of, place, text);
    }

    boolean identifies() {
        return place != Place.BESIDE;
    }
}
