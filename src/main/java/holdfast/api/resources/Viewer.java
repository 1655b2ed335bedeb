package holdfast.api.resources;

import holdfast.core.Caller;

/// For whom resources are shown, and where their links lead.
interface Viewer {
    Caller caller();

    /// The types of resources as they are now.
    Kinds kinds();

    /// Such as `http://127.0.0.1:8580`.
    String base();
}
