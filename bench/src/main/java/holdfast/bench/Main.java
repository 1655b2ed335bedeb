package holdfast.bench;

import java.util.Arrays;
import java.util.List;

/// Runs one benchmark: `api`, `calendar`, `clouds`, `engine`, `handlers`, `market`, `peers`, `scale`, `selection`,
/// `slices` or `start`.
public final class Main {
    private Main() {}

    public static void main(String[] words) throws Exception {
        var name = words.length == 0 ? "" : words[0];
        var options = words.length == 0 ? List.<String>of() : Arrays.asList(words).subList(1, words.length);
        switch (name) {
            case "api" -> ApiBench.run(options);
            case "calendar" -> CalendarBench.run(options);
            case "clouds" -> CloudsBench.run(options);
            case "engine" -> EngineBench.run(options);
            case "handlers" -> HandlersBench.run(options);
            case "market" -> MarketBench.run(options);
            case "peers" -> PeersBench.run(options);
            case "scale" -> ScaleBench.run(options);
            case "selection" -> SelectionBench.run();
            case "slices" -> SlicesBench.run(options);
            case "start" -> StartBench.run();
            default -> {
                System.err.println("there is no benchmark called '" + name + "'; there are: api, calendar, clouds, engine, handlers, market, peers, scale, selection, slices, start");
                System.exit(64);
            }
        }
    }
}
