package holdfast.pools.clouds.choice;

import static holdfast.pools.clouds.choice.Clouds.ANY;
import static holdfast.pools.clouds.choice.Clouds.IMAGE;
import static holdfast.pools.clouds.choice.Clouds.account;
import static holdfast.pools.clouds.choice.Clouds.codes;
import static holdfast.pools.clouds.choice.Clouds.facts;
import static holdfast.pools.clouds.choice.Clouds.fixed;
import static holdfast.pools.clouds.choice.Clouds.id;
import static holdfast.pools.clouds.choice.Clouds.memory;
import static holdfast.pools.clouds.choice.Clouds.order;
import static holdfast.pools.clouds.choice.Clouds.pool;
import static holdfast.pools.clouds.choice.Clouds.profile;
import static holdfast.pools.clouds.choice.Clouds.provider;
import static holdfast.pools.clouds.choice.Clouds.range;
import static holdfast.pools.clouds.choice.Clouds.request;
import static holdfast.pools.clouds.choice.Clouds.with;
import static holdfast.pools.clouds.choice.Clouds.withRealms;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.HardwareProfile;
import holdfast.core.Refusal;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.LaunchRequest.Assembly;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.choice.Facts.Images;
import holdfast.pools.clouds.choice.Facts.Room;
import holdfast.pools.clouds.choice.Facts.Tried;
import holdfast.pools.clouds.costs.Tariff;
import holdfast.protocol.Match;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Where a launch can be made and why not elsewhere (aeolus.md 6.5).
final class SelectionTest {
    private static final HardwareProfile SMALL = memory("w", "512");
    private static final CloudAccount A = account("a");
    private static final CloudAccount B = account("b");

    private static Explanation choose(LaunchRequest request) {
        return Selection.choose(request, facts(request), 1);
    }

    private static Refusal refusal(Explanation choice) {
        return choice.refusal().orElseThrow();
    }

    @Test
    void a_match_says_account_profile_sizes_image_and_realm() {
        var account = account("a", provider("p", profile("m1", range("10240", "7680", "15360"), fixed("2"), ANY)));
        var choice = choose(request(pool(List.of(account)), SMALL));
        assertThat(choice.candidates())
                .containsExactly(new Candidate(
                        account.id(),
                        Optional.empty(),
                        List.of(new Match(
                                account.id(),
                                "m1",
                                Map.of("memory", "7680", "cpu", "2"),
                                Map.of("memory", "7680"),
                                "img-a",
                                Optional.empty()))));
        assertThat(choice.refusal()).isEmpty();
    }

    @Test
    void every_failing_check_of_every_account_is_told() {
        var off = account("off", provider("p-off", false, false));
        var tight = account("tight");
        var pool = pool(List.of(A, off, tight));
        var request = new LaunchRequest(
                pool,
                "ann",
                Optional.of(new FrontendRealm(
                        id("r"), "europe", "", Set.of(A.provider().id()), Set.of())),
                Optional.of("Mock"),
                Set.of(A.id()),
                List.of(new Assembly("w", memory("huge", "9999"), IMAGE, Optional.empty())));
        var facts = with(
                facts(List.of(new Images.Known(
                        Map.of(A.id(), new Mapped.Usable("i"), off.id(), new Mapped.None("in progress"))))),
                Room.ENDLESS,
                Room.ENDLESS,
                Room.ENDLESS,
                Map.of(tight.id(), Room.of(new Limits(Optional.of(1), Optional.empty()), 1, 1)));
        var choice = Selection.choose(request, facts, 1);
        assertThat(codes(choice, "a")).containsExactly("hw_profile_match_not_found");
        assertThat(codes(choice, "off"))
                .containsExactly(
                        "must_be_enabled",
                        "provider_not_available",
                        "hw_profile_match_not_found",
                        "image_not_pushed_to_provider",
                        "realm_not_mapped",
                        "bound_elsewhere");
        assertThat(codes(choice, "tight"))
                .containsExactly(
                        "provider_account_quota_reached",
                        "hw_profile_match_not_found",
                        "image_not_pushed_to_provider",
                        "realm_not_mapped",
                        "bound_elsewhere");
        assertThat(refusal(choice).kind()).isEqualTo(Refusal.Kind.CLASH);
        assertThat(refusal(choice).message())
                .contains("a: hw_profile_match_not_found: no hardware profile of the provider is large enough (huge)")
                .contains("off: must_be_enabled: the provider is switched off; ")
                .contains("off: image_not_pushed_to_provider: the image cannot be booted there (web-os: in progress)")
                .contains("tight: provider_account_quota_reached: the account may not have so many instances");
    }

    @Test
    void reasons_of_one_account_matter_to_nobody_while_another_will_do() {
        var off = account("off", provider("p-off", false, true));
        var choice = choose(request(pool(List.of(off, A)), SMALL));
        assertThat(choice.refusal()).isEmpty();
        assertThat(choice.accounts())
                .extracting(verdict -> verdict.account().label())
                .containsExactly("a", "off");
        assertThat(choice.accounts().getFirst().rank()).hasValue(1);
        assertThat(choice.accounts().getLast().rank()).isEmpty();
    }

    @Test
    void only_accounts_of_the_wanted_driver_will_do() {
        var pool = pool(List.of(A));
        var request = new LaunchRequest(
                pool,
                "ann",
                Optional.empty(),
                Optional.of("ec2"),
                Set.of(),
                request(pool, SMALL).assemblies());
        assertThat(codes(choose(request), "a")).containsExactly("driver_not_wanted");
    }

    @Test
    void an_account_that_says_what_it_takes_gets_no_launch_with_more() {
        var bare = taking("bare", Optional.of(Set.of("user_name")));
        var rich = taking("rich", Optional.of(Set.of("user_name", "user_data", "authentication_key")));
        var silent = taking("silent", Optional.empty());
        var assembly = new Assembly("w", SMALL, IMAGE, Optional.empty(), Set.of("user_data", "authentication_key"));
        var request = new LaunchRequest(
                pool(List.of(bare, rich, silent)),
                "ann",
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                List.of(assembly));
        var choice = choose(request);
        assertThat(order(choice)).containsExactlyInAnyOrder("rich", "silent");
        assertThat(codes(choice, "bare")).containsExactly("feature_not_taken");
        assertThat(refusal(choose(new LaunchRequest(
                                pool(List.of(bare)),
                                "ann",
                                Optional.empty(),
                                Optional.empty(),
                                Set.of(),
                                List.of(assembly))))
                        .message())
                .contains("bare: feature_not_taken: the provider does not take all that is given to the instance"
                        + " (authentication_key, user_data)");
    }

    private static CloudAccount taking(String label, Optional<Set<String>> takes) {
        var one = account(label);
        return new CloudAccount(one.id(), label, one.provider(), one.limits(), one.realms(), takes);
    }

    @Test
    void things_of_two_accounts_fit_nowhere() {
        var pool = pool(List.of(A, B));
        var request = new LaunchRequest(
                pool,
                "ann",
                Optional.empty(),
                Optional.empty(),
                Set.of(A.id(), B.id()),
                request(pool, SMALL).assemblies());
        assertThat(codes(choose(request), "a")).containsExactly("bound_elsewhere");
        assertThat(codes(choose(request), "b")).containsExactly("bound_elsewhere");
    }

    @Test
    void for_something_beside_instances_neither_images_nor_sizes_nor_room_for_instances_matter() {
        var bare = account("bare", provider("p-bare"));
        var away = account("away", provider("p-away", true, false));
        var request = request(pool(List.of(A, bare, away), new CloudPool.Strategy.CostOrder(1)));
        var room = new Room(Optional.of(0L), Optional.of(0L));
        var choice = Selection.choose(
                request, with(facts(request), Room.ENDLESS, Room.ENDLESS, Room.ENDLESS, Map.of(A.id(), room)), 1);
        assertThat(order(choice)).containsExactlyInAnyOrder("a", "bare");
        assertThat(codes(choice, "away")).containsExactly("provider_not_available");
    }

    @Test
    void a_launch_is_refused_with_all_that_speaks_against_it() {
        var family = pool(List.of()).family();
        var closed =
                new CloudPool(id("pool"), "dev", family, Limits.NONE, false, false, List.of(), List.of(), Map.of());
        assertThat(codes(choose(request(closed, SMALL)).objections()))
                .containsExactly("pool_disabled", "no_provider_accounts");
        var off = choose(request(pool(List.of(account("off", provider("p", false, true)))), SMALL));
        assertThat(codes(off.objections())).containsExactly("all_providers_disabled");
    }

    @Test
    void quotas_count_all_instances_of_the_launch() {
        var request = request(pool(List.of(A, B)), SMALL, memory("w2", "512"), memory("w3", "512"));
        var two = Room.of(new Limits(Optional.of(5), Optional.empty()), 3, 9);
        var three = Room.of(new Limits(Optional.of(5), Optional.empty()), 2, 9);
        var full = Room.of(new Limits(Optional.empty(), Optional.of(9)), 0, 7);
        var refused = Selection.choose(request, with(facts(request), two, two, full, Map.of()), 1);
        assertThat(codes(refused.objections()))
                .containsExactly("pool_quota_reached", "pool_family_quota_reached", "total_quota_reached");
        assertThat(refused.objections().getLast().detail()).contains("user");
        assertThat(refused.candidates()).isEmpty();
        assertThat(refusal(refused).kind()).isEqualTo(Refusal.Kind.NOT_YOURS);
        assertThat(order(Selection.choose(request, with(facts(request), three, three, three, Map.of(A.id(), two)), 1)))
                .as("one free slot too few at an account")
                .containsExactly("b");
        assertThat(Selection.choose(
                                request,
                                with(facts(request), two, full, two, Map.of()).accepted(),
                                1)
                        .refusal())
                .as("what was reserved is not asked for again")
                .isEmpty();
    }

    @Test
    void a_quota_refuses_for_itself_whatever_is_wrong_with_some_account() {
        var none = Room.of(new Limits(Optional.of(0), Optional.empty()), 0, 0);
        var off = account("off", provider("p-off", false, true));
        var possible = request(pool(List.of(A, off)), SMALL);
        var refused = refusal(
                Selection.choose(possible, with(facts(possible), none, Room.ENDLESS, Room.ENDLESS, Map.of()), 1));
        assertThat(refused.kind()).isEqualTo(Refusal.Kind.NOT_YOURS);
        assertThat(refused.message()).isEqualTo("pool_quota_reached: the pool may not have so many running instances");
        var hopeless = request(pool(List.of(off)), SMALL);
        assertThat(refusal(Selection.choose(
                                hopeless, with(facts(hopeless), none, Room.ENDLESS, Room.ENDLESS, Map.of()), 1))
                        .kind())
                .isEqualTo(Refusal.Kind.CLASH);
    }

    @Test
    void user_quota_alone_refuses_too() {
        var request = request(pool(List.of(A)), SMALL);
        var none = Room.of(new Limits(Optional.of(0), Optional.empty()), 0, 0);
        var facts = with(facts(request), Room.ENDLESS, Room.ENDLESS, none, Map.of());
        assertThat(codes(Selection.choose(request, facts, 1).objections())).containsExactly("user_quota_reached");
    }

    @Test
    void what_is_wrong_with_an_assembly_is_told_with_its_name() {
        var arm = new BrokerImage("arm-os", "arm-os", "", "ann", Optional.of("aarch64"));
        var intel = profile("intel", fixed("1"), ANY, ANY, "x86_64");
        var pool = pool(List.of(A));
        var realm = new FrontendRealm(id("r"), "nowhere", "", Set.of(), Set.of());
        var request = new LaunchRequest(
                pool,
                "ann",
                Optional.of(realm),
                Optional.empty(),
                Set.of(),
                List.of(
                        new Assembly("front", intel, arm, Optional.empty()),
                        new Assembly("back", SMALL, IMAGE, Optional.empty())));
        var usual = facts(List.of(new Images.Known(Map.of()), new Images.Unknown()));
        var facts = new Facts(
                usual.now(),
                usual.pool(),
                usual.family(),
                usual.user(),
                Map.of(),
                Set.of("w"),
                usual.images(),
                Tariff.NONE,
                Map.of(),
                Set.of());
        var choice = Selection.choose(request, facts, 1);
        assertThat(choice.objections())
                .extracting(objection -> objection.assembly().orElse("") + " "
                        + objection.reason().code())
                .containsExactly(
                        "front architecture_mismatch",
                        "back hardware_profile_no_permission",
                        "back image_not_found",
                        " frontend_realm_no_targets");
        assertThat(choice.objections().getFirst())
                .hasToString("front: the image is of another architecture"
                        + " than the hardware profile (aarch64, not x86_64)");
    }

    @Test
    void a_front_end_realm_leads_to_realms_by_name_that_are_available_and_seen() {
        var north = withRealms(provider("north", SMALL), List.of("n2", "n1", "n3", "n4"), Set.of("n3"));
        var account = account("a", north, "n1", "n2", "n3");
        var targets = new HashSet<>(List.of(id("northn1"), id("northn2"), id("northn3"), id("northn4")));
        var europe = new FrontendRealm(id("e"), "europe", "", Set.of(), targets);
        var choice = choose(request(pool(List.of(account, B)), Optional.of(europe), SMALL));
        assertThat(choice.candidates())
                .extracting(candidate -> candidate.realm().orElse("any"))
                .containsExactly("n1", "n2");
        assertThat(choice.candidates())
                .allSatisfy(candidate ->
                        assertThat(candidate.matches()).extracting(Match::realm).containsExactly(candidate.realm()));
        assertThat(codes(choice, "b")).containsExactly("realm_not_mapped");
    }

    @Test
    void a_realm_that_is_down_or_not_seen_is_refused() {
        var north = withRealms(provider("north", SMALL), List.of("n1"), Set.of("n1"));
        var south = withRealms(provider("south", SMALL), List.of("s1"), Set.of());
        var europe = new FrontendRealm(id("e"), "europe", "", Set.of(), Set.of(id("northn1"), id("souths1")));
        var down = account("down", north, "n1");
        var blind = account("blind", south);
        var seeing = account("seeing", south, "s1");
        var choice = choose(request(pool(List.of(down, blind, seeing)), Optional.of(europe), SMALL));
        assertThat(order(choice)).containsExactly("seeing");
        assertThat(codes(choice, "down")).containsExactly("realm_not_mapped");
        assertThat(codes(choice, "blind")).containsExactly("realm_not_mapped");
    }

    @Test
    void a_whole_provider_as_target_means_any_realm_of_it_and_no_other_provider() {
        var north = withRealms(provider("north", SMALL), List.of("n1"), Set.of());
        var whole = new FrontendRealm(id("e"), "europe", "", Set.of(north.id()), Set.of());
        var choice = choose(request(pool(List.of(account("a", north, "n1"), B)), Optional.of(whole), SMALL));
        assertThat(choice.candidates()).extracting(Candidate::realm).containsExactly(Optional.empty());
        assertThat(order(choice)).containsExactly("a");
    }

    @Test
    void what_was_tried_is_not_tried_again_and_the_next_realm_is() {
        var north = withRealms(provider("north", SMALL), List.of("n1", "n2"), Set.of());
        var account = account("a", north, "n1", "n2");
        var europe = new FrontendRealm(id("e"), "europe", "", Set.of(), Set.of(id("northn1"), id("northn2")));
        var request = request(pool(List.of(account)), Optional.of(europe), SMALL);
        var tried = new HashSet<Tried>();
        var realms = new ArrayList<String>();
        for (var choice = Selection.choose(request, with(facts(request), tried), 1);
                !choice.candidates().isEmpty();
                choice = Selection.choose(request, with(facts(request), tried), 1)) {
            var next = choice.candidates().getFirst();
            realms.add(next.realm().orElseThrow());
            next.matches().stream().map(Tried::of).forEach(tried::add);
        }
        assertThat(realms).containsExactly("n1", "n2");
        var done = Selection.choose(request, with(facts(request), tried), 1);
        assertThat(codes(done, "a")).containsExactly("already_tried");
    }

    @Test
    void an_image_that_is_mapped_nowhere_is_refused_with_all_accounts() {
        var request = request(pool(List.of(A, B)), SMALL);
        var choice = Selection.choose(request, facts(List.of(new Images.Known(Map.of()))), 1);
        assertThat(refusal(choice).message())
                .isEqualTo("a: image_not_pushed_to_provider: the image cannot be booted there (web-os: no image); "
                        + "b: image_not_pushed_to_provider: the image cannot be booted there (web-os: no image)");
    }

    @Test
    void a_launch_waits_while_the_mapper_is_silent_unless_something_else_is_in_the_way() {
        var silent = facts(List.of(new Images.Silent("it did not answer in time")));
        var waiting = Selection.choose(request(pool(List.of(A)), SMALL), silent, 1);
        assertThat(waiting.waitsForImages()).isTrue();
        assertThat(codes(waiting, "a")).containsExactly("image_mapper_unavailable");
        assertThat(refusal(waiting).kind()).isEqualTo(Refusal.Kind.SILENT);
        var hopeless = Selection.choose(request(pool(List.of(A)), memory("w", "99999")), silent, 1);
        assertThat(hopeless.waitsForImages()).isFalse();
        assertThat(refusal(hopeless).kind()).isEqualTo(Refusal.Kind.CLASH);
    }
}
