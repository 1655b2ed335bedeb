package holdfast.drivers.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/// The kinds of objects that are used, of Kubernetes itself and of Liqo 1.0.
enum Kind {
    NAMESPACE("", "v1", "Namespace", "namespaces", false),
    NODE("", "v1", "Node", "nodes", false),
    SECRET("", "v1", "Secret", "secrets", true),
    CONFIG_MAP("", "v1", "ConfigMap", "configmaps", true),
    SERVICE_ACCOUNT("", "v1", "ServiceAccount", "serviceaccounts", true),
    POD("", "v1", "Pod", "pods", true),
    SERVICE("", "v1", "Service", "services", true),
    DEPLOYMENT("apps", "v1", "Deployment", "deployments", true),
    STATEFUL_SET("apps", "v1", "StatefulSet", "statefulsets", true),
    JOB("batch", "v1", "Job", "jobs", true),
    ROLE("rbac.authorization.k8s.io", "v1", "Role", "roles", true),
    ROLE_BINDING("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true),
    NETWORK("ipam.liqo.io", "v1alpha1", "Network", "networks", true),
    CONFIGURATION("networking.liqo.io", "v1beta1", "Configuration", "configurations", true),
    GATEWAY_SERVER("networking.liqo.io", "v1beta1", "GatewayServer", "gatewayservers", true),
    GATEWAY_CLIENT("networking.liqo.io", "v1beta1", "GatewayClient", "gatewayclients", true),
    PUBLIC_KEY("networking.liqo.io", "v1beta1", "PublicKey", "publickeies", true),
    CONNECTION("networking.liqo.io", "v1beta1", "Connection", "connections", true),
    TENANT("authentication.liqo.io", "v1beta1", "Tenant", "tenants", true),
    IDENTITY("authentication.liqo.io", "v1beta1", "Identity", "identities", true),
    RESOURCE_SLICE("authentication.liqo.io", "v1beta1", "ResourceSlice", "resourceslices", true),
    VIRTUAL_NODE("offloading.liqo.io", "v1beta1", "VirtualNode", "virtualnodes", true),
    NAMESPACE_OFFLOADING("offloading.liqo.io", "v1beta1", "NamespaceOffloading", "namespaceoffloadings", true),
    QUOTA("offloading.liqo.io", "v1beta1", "Quota", "quotas", true);

    private final String group;
    private final String version;
    private final String title;
    private final String plural;
    private final boolean namespaced;

    Kind(String group, String version, String title, String plural, boolean namespaced) {
        this.group = group;
        this.version = version;
        this.title = title;
        this.plural = plural;
        this.namespaced = namespaced;
    }

    /// As it is written in an object.
    String title() {
        return title;
    }

    String plural() {
        return plural;
    }

    String group() {
        return group;
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    boolean isNamespaced() {
        return namespaced;
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(title)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }
}
