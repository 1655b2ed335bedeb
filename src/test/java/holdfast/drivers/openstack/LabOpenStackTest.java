package holdfast.drivers.openstack;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// On a real OpenStack.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabOpenStackTest extends OpenStackContractTest {
    private Lab lab;

    @BeforeAll
    void come_in() {
        lab = Lab.open();
    }

    @AfterAll
    void leave() {
        if (lab != null) lab.close();
    }

    @Override
    TestCloud open(String story, String user) {
        return TestCloud.real(lab, story, user);
    }
}
