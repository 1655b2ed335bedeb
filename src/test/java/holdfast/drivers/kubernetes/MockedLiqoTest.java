package holdfast.drivers.kubernetes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// On two stand-ins for API servers.
class MockedLiqoTest extends LiqoContractTest {
    private static MockServer here;
    private static MockServer there;

    @BeforeAll
    static void two_servers() {
        here = new MockServer();
        there = new MockServer();
    }

    @AfterAll
    static void they_go() {
        here.close();
        there.close();
    }

    @Override
    protected String buyerConfig() {
        return here.kubeconfig();
    }

    @Override
    protected String sellerConfig() {
        return there.kubeconfig();
    }

    @Override
    protected boolean playsPods() {
        return true;
    }
}
