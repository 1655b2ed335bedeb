package holdfast.federation.wire;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.wire.EventText.Form;
import holdfast.federation.wire.EventText.Heard;
import holdfast.platform.Json;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.MarketEvent;
import holdfast.protocol.rear.MarketEvent.Code;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Samples;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What changed, as it goes over the wire and comes back (fluidos.md 5.9).
final class EventTextTest {
    private static final Instant AT = Instant.parse("2031-05-02T08:00:00.5Z");
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final Flavor WHOLE = Samples.flavor("alps-1", Samples.slice());
    private static final Map<String, MarketEvent> EVENTS = Map.of(
            "refresh", new MarketEvent.Refreshed(rest(), Optional.of(WHOLE), Optional.empty()),
            "withdraw",
                    new MarketEvent.Withdrawn(
                            WHOLE, Code.REPLACED, "what is left of it is listed as alps-2", Optional.empty()),
            "contract", new MarketEvent.Contracted("contract-alps-1-9a48", ContractCourse.TERMINATED, "key"));

    /// What is left when a piece is held: under another name, for less.
    private static Flavor rest() {
        return Samples.flavor("alps-2", Samples.slice())
                .with(Samples.vector("5500m", "26Gi", "85"), Optional.of(new Price("0.275", "EUR", "hour")));
    }

    @Test
    void each_event_is_as_documented_in_both_dialects_and_in_xml() {
        EVENTS.forEach((name, event) -> {
            for (var form : List.of(Form.NODE, Form.DOC)) {
                Published.assertGolden(
                        "events/" + name + "-" + form.name().toLowerCase(Locale.ROOT) + ".json",
                        PRETTY.writeValueAsString(Json.tree(EventText.write(event, AT, form))) + "\n");
            }
            Published.assertGolden("events/" + name + ".xml", EventText.write(event, AT, Form.XML) + "\n");
        });
    }

    @Test
    void what_is_written_in_json_is_read_again() {
        EVENTS.forEach((name, event) -> {
            assertThat(EventText.name(event)).isEqualTo(name);
            var heard =
                    EventText.read(name, EventText.write(event, AT, Form.NODE)).orThrow();
            assertThat(heard)
                    .isEqualTo(
                            switch (event) {
                                case MarketEvent.Refreshed(var flavor, var _, var _) -> new Heard.Refreshed(flavor);
                                case MarketEvent.Withdrawn(var flavor, var code, var _, var _) ->
                                    new Heard.Withdrawn(flavor.id(), Optional.of(code));
                                case MarketEvent.Contracted(var contract, var state, var _) ->
                                    new Heard.Contracted(contract, Optional.of(state));
                            });
        });
        assertThat(EventText.read("weather", "{}").orThrow()).isEqualTo(new Heard.Other());
    }

    @Test
    void a_stream_that_ended_says_what_came_and_where_to_go_on() {
        var text = ": a comment\n\n" + EventStream.event("7", "refresh", "{\"a\":1}")
                + EventStream.event("9", "withdraw", "{}") + EventStream.end(12);
        assertThat(EventStream.read(text))
                .isEqualTo(new EventStream(
                        List.of(new EventStream.Event("refresh", "{\"a\":1}"), new EventStream.Event("withdraw", "{}")),
                        "12"));
        assertThat(EventStream.read("data: half")).isEqualTo(new EventStream(List.of(), ""));
    }
}
