package holdfast.engine.pictures;

import holdfast.engine.pictures.Picture.Arrow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.eclipse.elk.alg.layered.options.CycleBreakingStrategy;
import org.eclipse.elk.alg.layered.options.LayeredMetaDataProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkLabel;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/// Where everything in a picture is. The only class that knows the library of the layout.
///
/// @param width of the whole, in pixels like all else here
record Layout(double width, double height, List<State> states, List<Drawn> arrows) {
    static final double FONT_SIZE = 12;
    /// Of one character of a font whose characters are all as wide.
    private static final double CHARACTER = FONT_SIZE * 0.61;

    private static final double LINE = FONT_SIZE * 1.4;
    /// Between arrows at a state.
    private static final double APART = 10;

    private static final int LONGEST = 60;

    /// @param at its upper left corner
    record State(String name, Point at, double width, double height) {}

    /// @param text of the label, cut if it is very long
    /// @param label the upper left corner of the label
    record Drawn(Arrow arrow, List<Point> points, String text, Point label) {}

    record Point(double x, double y) {}

    private static final class Library {
        static {
            LayoutMetaDataService.getInstance().registerLayoutMetaDataProviders(new LayeredMetaDataProvider());
        }

        static void layout(ElkNode graph) {
            new RecursiveGraphLayoutEngine().layout(graph, new BasicProgressMonitor());
        }
    }

    static Layout of(Picture picture) {
        var graph = ElkGraphUtil.createGraph();
        graph.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
        graph.setProperty(CoreOptions.DIRECTION, Direction.DOWN);
        graph.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
        graph.setProperty(CoreOptions.RANDOM_SEED, 1);
        graph.setProperty(CoreOptions.PADDING, new ElkPadding(20));
        // Else a state in the middle of a life may come first.
        graph.setProperty(LayeredOptions.CYCLE_BREAKING_STRATEGY, CycleBreakingStrategy.MODEL_ORDER);
        graph.setProperty(LayeredOptions.SPACING_NODE_NODE, 30.0);
        graph.setProperty(LayeredOptions.SPACING_EDGE_EDGE, 12.0);
        graph.setProperty(LayeredOptions.SPACING_EDGE_NODE, 16.0);
        graph.setProperty(LayeredOptions.SPACING_EDGE_LABEL, 4.0);
        graph.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 24.0);
        graph.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 12.0);

        var nodes = new LinkedHashMap<String, ElkNode>();
        for (var state : picture.states()) {
            var node = ElkGraphUtil.createNode(graph);
            node.setDimensions(Math.max(width(state) + 24, crowd(picture, state) * APART), LINE + 14);
            nodes.put(state, node);
        }
        var edges = new ArrayList<ElkEdge>();
        for (var arrow : picture.arrows()) {
            var edge = ElkGraphUtil.createSimpleEdge(nodes.get(arrow.from()), nodes.get(arrow.to()));
            var text = text(picture, arrow);
            var label = ElkGraphUtil.createLabel(text, edge);
            label.setDimensions(width(text), LINE);
            edges.add(edge);
        }
        Library.layout(graph);

        var states = nodes.entrySet().stream()
                .map(entry -> state(entry.getKey(), entry.getValue()))
                .toList();
        var arrows = new ArrayList<Drawn>();
        for (int index = 0; index < edges.size(); index++) {
            arrows.add(drawn(picture.arrows().get(index), edges.get(index)));
        }
        return new Layout(graph.getWidth(), graph.getHeight(), states, arrows);
    }

    /// How many arrows come to a state or leave it, whichever is more.
    private static long crowd(Picture picture, String state) {
        return Math.max(
                picture.arrows().stream()
                        .filter(arrow -> arrow.from().equals(state))
                        .count(),
                picture.arrows().stream()
                        .filter(arrow -> arrow.to().equals(state))
                        .count());
    }

    /// In the picture of a type its name goes without saying.
    private static String text(Picture picture, Arrow arrow) {
        var prefix = picture.name().toLowerCase(Locale.ROOT) + ".";
        var label = arrow.label();
        var text = label.startsWith(prefix) ? label.substring(prefix.length()) : label;
        return text.length() > LONGEST ? text.substring(0, LONGEST - 3) + "..." : text;
    }

    private static double width(String text) {
        return text.length() * CHARACTER;
    }

    private static State state(String name, ElkNode node) {
        return new State(name, new Point(node.getX(), node.getY()), node.getWidth(), node.getHeight());
    }

    private static Drawn drawn(Arrow arrow, ElkEdge edge) {
        ElkEdgeSection section = edge.getSections().getFirst();
        var points = new ArrayList<Point>();
        points.add(new Point(section.getStartX(), section.getStartY()));
        section.getBendPoints().forEach(bend -> points.add(new Point(bend.getX(), bend.getY())));
        points.add(new Point(section.getEndX(), section.getEndY()));
        ElkLabel label = edge.getLabels().getFirst();
        return new Drawn(arrow, points, label.getText(), new Point(label.getX(), label.getY()));
    }
}
