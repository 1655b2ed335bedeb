package holdfast.orchestrator.instances;

import holdfast.core.Refusal;
import holdfast.pools.clouds.Quotas.Full;
import holdfast.pools.clouds.Quotas.Limit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Quotas that have no place left, told to users (aeolus.md 6.5, step 1).
final class QuotaRefusals {
    private QuotaRefusals() {}

    static Refusal of(List<Full> full) {
        return Refusal.notYours(full.stream().map(QuotaRefusals::text).collect(Collectors.joining("; ")));
    }

    private static String text(Full full) {
        var kind = switch (full.owner().kind()) {
            case FAMILY -> "pool_family";
            case POOL -> "pool";
            case USER -> "user";
            case ACCOUNT -> "provider_account";
        };
        var limits = full.owner().limits();
        return full.limit() == Limit.RUNNING
                ? String.format(
                        Locale.ROOT,
                        "%s_quota_reached: %d of %d instances run; stop or destroy one first",
                        kind,
                        full.use().active(),
                        limits.running().orElseThrow())
                : String.format(
                        Locale.ROOT,
                        "total_quota_reached: %s has %d of %d instances; destroy one first",
                        kind,
                        full.use().total(),
                        limits.total().orElseThrow());
    }
}
