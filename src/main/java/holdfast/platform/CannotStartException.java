package holdfast.platform;

/// Something this process needs before it can serve is not to be had here. The message is for the operator: it names
/// what, why and the way out, and is
/// shown without a stack trace.
public final class CannotStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CannotStartException(String message) {
        super(message);
    }

    public CannotStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
