package holdfast.engine.pictures;

import holdfast.engine.pictures.Picture.Arrow;

/// A picture as a graph for Graphviz, in the form of cattle.md 5.8. Failures and changes without a process, which that
/// form does not know, are dashed red and gray arrows.
public final class Dot {
    private Dot() {}

    /// @return lines that end in a line feed each
    public static String write(Picture picture) {
        var text = new StringBuilder("digraph ").append(quoted(picture.name())).append(" {\n");
        picture.marked().forEach(state -> mark(text, state));
        for (var arrow : picture.arrows()) {
            text.append("  ").append(quoted(arrow.from())).append(" -> ").append(quoted(arrow.to()));
            text.append(" [").append(attributes(arrow));
            arrow.url().ifPresent(url -> text.append(" URL=").append(quoted(url)));
            text.append("];\n");
            if (arrow.marks()) {
                mark(text, arrow.to());
            }
        }
        return text.append("}\n").toString();
    }

    private static void mark(StringBuilder text, String state) {
        text.append("  ").append(quoted(state)).append(" [color=\"orange\"];\n");
    }

    private static String attributes(Arrow arrow) {
        return switch (arrow.kind()) {
            case START -> "style=\"dotted\" label=" + quoted(arrow.label());
            case DONE -> "color=\"orange\" label=" + quoted(arrow.label() + "  ");
            case LOGIC ->
                "color=\"orange\" label=" + quoted(arrow.label() + "  ")
                        + " fontname=\"times-bold\" color=\"green\" style=\"bold\"";
            case FAILED -> "style=\"dashed\" color=\"red\" label=" + quoted(arrow.label() + "  ");
            case CHANGE -> "color=\"gray\" label=" + quoted(arrow.label());
        };
    }

    /// Line feeds and other control characters become blanks, so that each statement stays on its line.
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }
}
