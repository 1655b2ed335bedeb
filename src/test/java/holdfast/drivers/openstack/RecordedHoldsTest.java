package holdfast.drivers.openstack;

/// On what a real OpenStack once answered.
class RecordedHoldsTest extends OpenStackHoldsTest {
    @Override
    TestCloud open(String story, String user) {
        return TestCloud.recorded(story, user);
    }
}
