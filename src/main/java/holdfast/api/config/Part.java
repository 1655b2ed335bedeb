package holdfast.api.config;

import java.util.List;

/// Serves what is below one word of the interface, such as `pools`.
interface Part {
    /// @param rest the path behind that word
    /// @throws Failure if it cannot be done
    Reply serve(Ask ask, List<String> rest);
}
