package holdfast.cli.setup;

/// A file cannot be taken as it is, or not be followed. The message says where, and what is wrong.
public final class SetupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SetupException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
