package holdfast.pools.clouds;

import static holdfast.pools.clouds.ProviderType.Input.FILE;
import static holdfast.pools.clouds.ProviderType.Input.PASSWORD;
import static holdfast.pools.clouds.ProviderType.Input.STRING;

import holdfast.pools.clouds.ProviderType.Credential;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The types of providers that are there from the start (aeolus.md 2.3).
final class Standard {
    private static final String THROUGH = "deltacloud";
    private static final Set<String> IGNORED = Set.of("t1.micro", "opaque");
    private static final List<Credential> USUAL =
            List.of(new Credential("username", "username", STRING), new Credential("password", "password", PASSWORD));
    private static final List<Credential> AMAZON = List.of(
            new Credential("username", "access_key", STRING),
            new Credential("password", "secret_access_key", PASSWORD),
            new Credential("account_id", "account_number", STRING),
            new Credential("x509private", "key", FILE),
            new Credential("x509public", "certificate", FILE));
    private static final List<Credential> OPENSTACK = Stream.concat(
                    USUAL.stream(), Stream.of(new Credential("glance_url", "glance_url", STRING)))
            .toList();

    static final List<ProviderType> TYPES = List.of(
            type("Mock", "mock", USUAL, false, false, false),
            amazon(),
            type("RHEV-M", "rhevm", USUAL, true, false, true),
            type("VMware vSphere", "vsphere", USUAL, true, false, true),
            type("Rackspace", "rackspace", USUAL, false, false, true),
            type("OpenStack", "openstack", OPENSTACK, false, true, false));

    private Standard() {}

    private static ProviderType amazon() {
        return new ProviderType(
                "Amazon EC2",
                "ec2",
                THROUGH,
                Optional.of("root"),
                Optional.of("/root"),
                AMAZON,
                false,
                true,
                false,
                IGNORED);
    }

    private static ProviderType type(
            String name,
            String driver,
            List<Credential> credentials,
            boolean stopsAfterCreation,
            boolean stoppedDisappear,
            boolean destroys) {
        return new ProviderType(
                name,
                driver,
                THROUGH,
                Optional.empty(),
                Optional.empty(),
                credentials,
                stopsAfterCreation,
                stoppedDisappear,
                destroys,
                IGNORED);
    }
}
