package holdfast.broker;

import holdfast.broker.choice.Alternatives.Alternative;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import java.util.List;

/// The answer to somebody who wants something reserved.
public sealed interface Decision {
    /// It is booked. As long as it is `initialized`, a provider is still to agree.
    record Made(Resource reservation) implements Decision {}

    /// It is not, and nothing has changed.
    ///
    /// @param instead requests that would be accepted as things are
    record Refused(Refusal why, List<Alternative> instead) implements Decision {
        public Refused {
            instead = List.copyOf(instead);
        }
    }
}
