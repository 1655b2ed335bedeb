package holdfast.core;

/// Carries a [Refusal] out of code that has no other way to return it: a reader deep in a file, a transaction that must
/// roll back.
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
