package holdfast.api;

/// Nobody can say at the moment who asks: it is not to be let in, and is to come again in some seconds.
public final class CannotTellException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param why for the one who asks
    public CannotTellException(String why) {
        super(why, null, false, false);
    }

    /// The same as [#getMessage].
    public String why() {
        return String.valueOf(getMessage());
    }
}
