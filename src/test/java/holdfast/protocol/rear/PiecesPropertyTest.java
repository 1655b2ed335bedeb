package holdfast.protocol.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Quantity;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Pieces against the formula of fluidos.md 6.3, tried out amount by amount.
final class PiecesPropertyTest {
    private static boolean valid(int piece, int whole, int minimum, int step, boolean counted) {
        if (piece == 0) return !counted;
        return piece == whole && whole >= minimum
                || piece < whole && piece >= minimum && (step == 0 || (piece - minimum) % step == 0);
    }

    private static Vector pods(int pods, int storage) {
        return Vector.of(Quantity.of(4), Quantity.of(8), Quantity.of(pods))
                .with(Dimension.STORAGE, Quantity.of(storage));
    }

    @Property(tries = 5_000)
    void a_piece_is_what_the_formula_says_and_rounding_up_finds_the_least(
            @ForAll @IntRange(max = 24) int whole,
            @ForAll @IntRange(max = 8) int minimum,
            @ForAll @IntRange(max = 6) int step,
            @ForAll @IntRange(max = 26) int asked,
            @ForAll boolean counted) {
        var dimension = counted ? Dimension.PODS : Dimension.STORAGE;
        var slice = new K8Slice(
                "arm64",
                pods(1, 0).with(dimension, Quantity.of(whole)),
                Optional.empty(),
                Properties.NONE,
                new Policy(Vector.of(dimension, Quantity.of(minimum)), Vector.of(dimension, Quantity.of(step))));
        for (int piece = 0; piece <= whole + 1; piece++)
            assertThat(Pieces.valid(slice, pods(1, 0).with(dimension, Quantity.of(piece))))
                    .as("%d of %d", piece, whole)
                    .isEqualTo(piece <= whole && valid(piece, whole, minimum, step, counted));
        var least = IntStream.rangeClosed(asked, whole)
                .filter(piece -> valid(piece, whole, minimum, step, counted))
                .mapToObj(piece -> Quantity.of(piece))
                .findFirst();
        assertThat(Pieces.roundUp(slice, pods(1, 0).with(dimension, Quantity.of(asked)), Vector.NONE)
                        .map(piece -> piece.get(dimension)))
                .isEqualTo(least);
    }
}
