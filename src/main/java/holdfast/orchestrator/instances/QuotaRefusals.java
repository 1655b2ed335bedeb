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

    /// @param more so many are asked for at once
    static Refusal of(List<Full> full, int more) {
        var asked = more == 1 ? "" : ", and " + more + " more are asked for";
        return Refusal.notYours(full.stream().map(one -> text(one, asked)).collect(Collectors.joining("; ")));
    }

    private static String text(Full full, String asked) {
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
                        "%s_quota_reached: %d of %d instances run%s; stop or destroy one first",
                        kind,
                        full.use().active(),
                        limits.running().orElseThrow(),
                        asked)
                : String.format(
                        Locale.ROOT,
                        "total_quota_reached: %s has %d of %d instances%s; destroy one first",
                        kind,
                        full.use().total(),
                        limits.total().orElseThrow(),
                        asked);
    }
}
