package holdfast.platform;

/// Somebody else changed what this transaction had read: run the whole transaction again ([Database#inTransaction]
/// does).
public class LostRaceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LostRaceException(String message) {
        super(message);
    }

    public LostRaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
