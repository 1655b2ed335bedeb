package holdfast.drivers.openstack;

/// On what a real OpenStack once answered.
class RecordedOpenStackTest extends OpenStackContractTest {
    @Override
    TestCloud open(String story, String user) {
        return TestCloud.recorded(story, user);
    }
}
