package holdfast.federation.wire;

import java.io.IOException;

/// A node did not answer. The message says why, without naming it.
public final class NoAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean reached;

    /// @param reached whether the call may have had its effect
    public NoAnswer(String message, boolean reached) {
        super(message);
        this.reached = reached;
    }

    /// Whether the call may have had its effect; if not, it surely had none.
    public boolean reached() {
        return reached;
    }
}
