package holdfast.federation.buying;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.buying.PurchaseCourse.News;
import holdfast.federation.buying.PurchaseCourse.Terms;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PurchaseCourseTest {
    private static String table(Terms terms) {
        return Arrays.stream(PurchaseCourse.values())
                .flatMap(state -> Arrays.stream(News.values())
                        .flatMap(news -> state
                                .after(news, terms)
                                .map(turn -> state + " + " + news + " -> " + turn.state() + " " + turn.act() + "\n")
                                .stream()))
                .collect(Collectors.joining());
    }

    @Test
    void the_whole_table_at_a_seller_that_keeps_its_word() {
        assertThat(table(new Terms(false, true))).isEqualTo("""
                WAITING + ITS_TURN -> RESERVING RESERVE
                WAITING + GIVEN_UP -> CANCELLED NOTHING
                RESERVING + HELD -> HELD NOTHING
                RESERVING + REFUSED -> FAILED NOTHING
                RESERVING + LOST -> FAILED NOTHING
                RESERVING + GIVEN_UP -> CANCELLING NOTHING
                HELD + CHOSEN -> BUYING BUY
                HELD + GIVEN_UP -> CANCELLING CANCEL
                BUYING + REFUSED -> FAILED NOTHING
                BUYING + LOST -> RESERVING RESERVE
                BUYING + BOUGHT -> BOUGHT KEEP
                BUYING + USELESS -> FAILED RETURN
                BUYING + DOUBT -> CANCELLING CANCEL
                BUYING + GIVEN_UP -> CANCELLING NOTHING
                BOUGHT + USELESS -> FAILED RETURN
                BOUGHT + GIVEN_UP -> CANCELLED RETURN
                IN_DOUBT + CANCELLED -> CANCELLED NOTHING
                CANCELLING + HELD -> CANCELLING CANCEL
                CANCELLING + REFUSED -> CANCELLED NOTHING
                CANCELLING + LOST -> CANCELLED NOTHING
                CANCELLING + BOUGHT -> CANCELLED RETURN
                CANCELLING + USELESS -> CANCELLED RETURN
                CANCELLING + DOUBT -> CANCELLING CANCEL
                CANCELLING + CANCELLED -> CANCELLED NOTHING
                """);
    }

    @Test
    void a_weak_seller_that_may_have_sold_is_asked_no_more() {
        assertThat(table(new Terms(true, true)))
                .isEqualTo(table(new Terms(false, true))
                        .replace("DOUBT -> CANCELLING CANCEL", "DOUBT -> IN_DOUBT NOTHING"));
    }

    @Test
    void what_is_lost_twice_is_not_reserved_again() {
        assertThat(table(new Terms(true, false)))
                .isEqualTo(table(new Terms(true, true)).replace("LOST -> RESERVING RESERVE", "LOST -> FAILED NOTHING"));
    }
}
