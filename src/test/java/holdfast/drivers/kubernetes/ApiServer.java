package holdfast.drivers.kubernetes;

/// An API server of a test, real or not.
interface ApiServer extends AutoCloseable {
    /// Of its administrator.
    String kubeconfig();

    @Override
    void close();
}
