package holdfast.cli;

import holdfast.cli.Terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A table of text, fitted to the terminal: what is too wide goes on in the next line, nothing is cut off.
final class Table {
    private static final String GAP = "  ";
    private static final int NARROWEST = 12;

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    private record Column(String title, boolean right, boolean flexible) {}

    /// One cell.
    record Cell(String text, Style style) {}

    private Table(List<Column> columns) {
        this.columns = columns;
    }

    /// Columns by their titles. A title that begins with `>` aligns to the right; one that begins with `~` gives
    /// way when the table is too wide, and is then written on several lines.
    static Table of(String... titles) {
        var columns = new ArrayList<Column>();
        for (var title : titles) {
            boolean right = title.startsWith(">");
            boolean flexible = title.startsWith("~");
            columns.add(new Column(right || flexible ? title.substring(1) : title, right, flexible));
        }
        return new Table(columns);
    }

    /// Adds a row. A [Cell] keeps its style; anything else is shown as its text.
    Table row(Object... cells) {
        var row = new ArrayList<Cell>();
        for (var cell : cells)
            row.add(cell instanceof Cell ready ? ready : new Cell(String.valueOf(cell), Style.PLAIN));
        if (row.size() != columns.size())
            throw new IllegalArgumentException(row.size() + " cells for " + columns.size());
        rows.add(row);
        return this;
    }

    static Cell state(String state) {
        return new Cell(state, States.style(state));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /// The text, each line ended.
    String text(Terminal terminal) {
        var widths = widths(terminal.tableWidth());
        var out = new StringBuilder();
        line(
                out,
                terminal,
                columns.stream()
                        .map(column -> new Cell(column.title, Style.STRONG))
                        .toList(),
                widths);
        for (var row : rows) {
            var wrapped = new ArrayList<List<String>>();
            for (int i = 0; i < columns.size(); i++) wrapped.add(wrap(row.get(i).text, widths[i]));
            int height = wrapped.stream().mapToInt(List::size).max().orElse(1);
            for (int n = 0; n < height; n++) {
                int at = n;
                line(
                        out,
                        terminal,
                        IntStream.range(0, columns.size())
                                .mapToObj(i -> new Cell(
                                        at < wrapped.get(i).size()
                                                ? wrapped.get(i).get(at)
                                                : "",
                                        row.get(i).style))
                                .toList(),
                        widths);
            }
        }
        return out.toString();
    }

    private int[] widths(int limit) {
        var widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    columns.get(i).title.length(),
                    rows.stream()
                            .mapToInt(row -> row.get(column).text.length())
                            .max()
                            .orElse(0));
        }
        int over = IntStream.of(widths).sum() + GAP.length() * (widths.length - 1) - limit;
        while (over > 0) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                boolean gives = columns.get(i).flexible
                        && widths[i] > Math.max(NARROWEST, columns.get(i).title.length());
                if (gives && (widest < 0 || widths[i] > widths[widest])) widest = i;
            }
            if (widest < 0) break;
            widths[widest]--;
            over--;
        }
        return widths;
    }

    private void line(StringBuilder out, Terminal terminal, List<Cell> cells, int[] widths) {
        var line = new StringBuilder();
        int pending = 0;
        for (int i = 0; i < widths.length; i++) {
            var cell = cells.get(i);
            int room = Math.max(0, widths[i] - cell.text.length());
            if (columns.get(i).right) pending += room;
            if (!cell.text.isEmpty()) {
                line.append(" ".repeat(pending)).append(terminal.styled(cell.style, cell.text));
                pending = 0;
            }
            if (!columns.get(i).right || cell.text.isEmpty()) pending += columns.get(i).right ? 0 : room;
            pending += GAP.length();
        }
        out.append(line).append('\n');
    }

    /// Breaks a text at blanks, or where it must.
    static List<String> wrap(String text, int width) {
        var lines = new ArrayList<String>();
        var rest = text;
        while (rest.length() > width) {
            int at = rest.lastIndexOf(' ', width);
            int end = at > 0 ? at : width;
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
