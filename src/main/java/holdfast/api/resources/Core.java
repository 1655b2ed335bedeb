package holdfast.api.resources;

import static holdfast.engine.types.FieldType.Plain.DATE;
import static holdfast.engine.types.FieldType.Plain.ENUM;
import static holdfast.engine.types.FieldType.Plain.INT;
import static holdfast.engine.types.FieldType.Plain.JSON;
import static holdfast.engine.types.FieldType.Plain.STRING;

import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.pools.Projects;
import java.util.List;
import java.util.Optional;

/// The fields that every resource has, of whatever type (cattle.md 2.1).
final class Core {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_DESCRIPTION = 1_024;
    static final int UUID_LENGTH = 36;

    /// The account of the project that owns it.
    static final Field ACCOUNT = Field.shown(
            "accountId", new FieldType.Reference(Projects.ACCOUNT), "The account of the project that owns it");

    static final List<Field> FIELDS = List.of(
            Field.shown("id", STRING, "Its id"),
            text("name", LONGEST_NAME, true, "What people call it"),
            text("description", LONGEST_DESCRIPTION, true, "What it is for"),
            Field.shown("kind", STRING, "Its type"),
            text("uuid", UUID_LENGTH, false, "Its id, unique everywhere"),
            Field.shown("state", ENUM, "Where it is in its life"),
            ACCOUNT,
            Field.shown("project", STRING, "The name of the project that owns it"),
            Field.shown("actor", STRING, "Whose record it is"),
            Field.shown("parent", STRING, "The id of what it is part of"),
            Field.shown("labels", new FieldType.Mapping(STRING), "Free marks"),
            Field.shown("version", INT, "Counts its changes"),
            Field.shown("created", DATE, "When it was made"),
            Field.shown("updated", DATE, "When it was changed last"),
            Field.shown("removed", DATE, "When it ceased to exist; it is kept for the record"),
            Field.shown("transitioning", ENUM, "Whether something goes on (yes), went wrong (error), or neither (no)"),
            Field.shown("transitioningMessage", STRING, "What goes on or went wrong"),
            Field.shown("transitioningProgress", INT, "How far it is, in percent"),
            Field.plain(
                    "data",
                    new FieldType.Mapping(JSON),
                    "Whatever its users want to keep with it",
                    true,
                    true,
                    Optional.empty()));

    private Core() {}

    private static Field text(String name, int longest, boolean update, String description) {
        return Field.plain(name, STRING, description, true, update, Optional.of(longest));
    }
}
