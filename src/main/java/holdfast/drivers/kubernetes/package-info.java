/// A cluster of Kubernetes as a site, joined with others by the declarative resources of Liqo 1.0 (fluidos.md 4.6).
///
/// From below: a [Kubeconfig] says where a cluster is and who we are there, [Cluster] makes one call, [Kind] names what
/// there is, and [LiqoObjects] writes the objects; all names are there. [Pairs], [Slices], [Accesses] and [Workloads]
/// make one kind of bond each, in [Steps] that may be walked again from the first; [Admitting] answers what others
/// want, as [SliceAdmission] decides. [KubernetesFabric] is the driver.
@NullMarked
package holdfast.drivers.kubernetes;

import org.jspecify.annotations.NullMarked;
