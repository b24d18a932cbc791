package io.seatline.registration;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.registration.BindingModel.Entry;
import io.seatline.registration.BindingRules.Applied;
import io.seatline.support.Drawn;
import io.seatline.support.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What holds of an account's bindings whatever phones have sent: RFC 3261 section 10.3, RFC 5626 section 6, and our own
 * bounds.
 */
@Tag("pure")
class BindingRulesTest {
    private static final int MAX = 10;

    /** A request behind a history. */
    private record Next(History history, RegisterCommand request) {
        static Next random(RandomGenerator random) {
            var history = History.random(random);
            return new Next(history, History.any(random, history.steps().size() + 1));
        }

        @Override
        public String toString() {
            return history + "\nand then " + History.shown(request);
        }
    }

    // after any history

    @Test
    void anyHistory_isCarriedOutAsTheModelSays() {
        Property.holds(3_000, Next::random, next -> {
            var stored = StoredBindings.after(new History(0, next.history().steps()));
            BindingModel.expected(next.request(), stored.live()).ifPresent(expected -> {
                assertThat(stored.carryOut(next.request()).outcome()).isInstanceOf(expected.outcome());
                assertThat(stored.live()).extracting(Entry::of).containsExactlyInAnyOrderElementsOf(expected.entries());
            });
        });
    }

    @Test
    void anyHistory_leavesTenContactsAtMost() {
        Property.holds(
                1_000,
                History::random,
                history -> assertThat(StoredBindings.after(history).live()).hasSizeLessThanOrEqualTo(MAX));
    }

    @Test
    void anyHistory_leavesOneBindingForEachFlowOfAPhone() {
        Property.holds(1_000, History::random, history -> {
            var flows = StoredBindings.after(history).live().stream()
                    .filter(binding ->
                            binding.instance() != null && binding.regId().isPresent())
                    .map(binding -> binding.instance() + " " + binding.regId());
            assertThat(flows).doesNotHaveDuplicates();
        });
    }

    @Test
    void anyRequest_isAnsweredWithTheLiveContacts_orChangesNothing() {
        Property.holds(1_000, Next::random, next -> {
            var stored = StoredBindings.after(next.history());
            var applied = stored.carryOut(next.request());
            if (applied.outcome() instanceof RegisterOutcome.Registered(var contacts, var _)) {
                assertThat(contacts)
                        .containsExactlyInAnyOrderElementsOf(stored.live().stream()
                                .map(binding -> new RegisterOutcome.Contact(
                                        binding.contact(),
                                        binding.secondsLeft(),
                                        binding.instance(),
                                        binding.regId(),
                                        binding.q()))
                                .toList());
            } else {
                assertStoresNothing(applied);
            }
        });
    }

    private static void assertStoresNothing(Applied applied) {
        assertThat(applied.bindings()).isEmpty();
        assertThat(applied.gone()).isEmpty();
    }

    @Test
    void sameRequestAgain_changesNothingThatIsLive() {
        Property.holds(1_000, Next::random, next -> {
            var stored = StoredBindings.after(next.history());
            stored.carryOut(next.request());
            var once = stored.live();
            stored.carryOut(next.request());
            assertThat(stored.live()).isEqualTo(once);
        });
    }

    // order: RFC 3261 section 10.3 step 7

    @Test
    void earlierRequestOfTheSameCallId_neverWins() {
        Property.holds(2_000, Next::random, next -> {
            var stored = StoredBindings.after(next.history());
            var request = next.request();
            var late = stored.live().stream()
                    .filter(binding ->
                            binding.callId().equals(request.callId()) && binding.sequence() >= request.sequence())
                    .filter(binding -> request.wildcard()
                            || request.contacts().stream()
                                    .anyMatch(contact -> contact.uri().equals(binding.contact())))
                    .toList();
            var applied = stored.carryOut(request);
            if (!late.isEmpty()) {
                assertThat(applied.outcome()).isNotInstanceOf(RegisterOutcome.Registered.class);
                assertThat(stored.live()).containsAll(late);
            }
        });
    }

    @Test
    void requestsOfDifferentPhones_inEitherOrder_leaveTheSame() {
        Property.holds(
                1_000,
                random -> List.of(phone(random, "a"), phone(random, "b")),
                phones -> assertThat(inOrder(phones)).isEqualTo(inOrder(phones.reversed())));
    }

    /** Up to four requests of a phone that has two contacts, of which each may move; one in four of them comes late. */
    private static List<RegisterCommand> phone(RandomGenerator random, String name) {
        return Drawn.several(random, 4, i -> {
            var sequence = random.nextInt(4) == 0 ? 1 : i + 2;
            var contacts = Drawn.several(
                    random,
                    2,
                    number -> History.contact(
                            "sip:" + name + number + random.nextInt(2),
                            History.expires(random),
                            random.nextBoolean() ? "urn:" + name : null,
                            OptionalInt.of(number)));
            return History.request("call-" + name, sequence, History.expires(random), contacts);
        });
    }

    private static Set<Entry> inOrder(List<List<RegisterCommand>> phones) {
        var stored = new StoredBindings(5);
        phones.forEach(requests -> requests.forEach(stored::carryOut));
        return stored.live().stream().map(Entry::of).collect(toSet());
    }

    // Contact: * (RFC 3261 section 10.3 step 6)

    @Test
    void starWithExpires0_endsAll() {
        Property.holds(History::random, history -> {
            var stored = StoredBindings.after(history);
            var star = History.star("a new call", 7, OptionalInt.of(0));
            assertThat(stored.carryOut(star).outcome()).isInstanceOf(RegisterOutcome.Registered.class);
            assertThat(stored.live()).isEmpty();
        });
    }

    @Test
    void starWithoutExpires0_isRefused() {
        Property.holds(Next::random, next -> {
            var stored = StoredBindings.after(next.history());
            var expires = next.request().expires();
            if (!expires.equals(OptionalInt.of(0))) {
                var applied = stored.carryOut(History.star("a new call", 1, expires));
                assertThat(applied.outcome()).isInstanceOf(RegisterOutcome.Invalid.class);
                assertStoresNothing(applied);
            }
        });
    }

    @Test
    void requestWithoutStar_leavesOtherPhonesAlone() {
        Property.holds(1_000, Next::random, next -> {
            var stored = StoredBindings.after(next.history());
            var request = next.request();
            var others = stored.live().stream()
                    .filter(binding -> !binding.callId().equals(request.callId()))
                    .filter(binding -> request.contacts().stream()
                            .noneMatch(
                                    contact -> History.address(contact.uri()).equals(History.address(binding.contact()))
                                            || (contact.instance() != null
                                                    && contact.instance().equals(binding.instance()))))
                    .toList();
            var room = stored.live().size() + request.contacts().size() <= MAX;
            if (!request.wildcard() && room) {
                stored.carryOut(request);
                assertThat(stored.live()).containsAll(others);
            }
        });
    }

    @Test
    void requestWithoutContacts_asksOnly() {
        Property.holds(History::random, history -> {
            var stored = StoredBindings.after(history);
            var before = stored.live();
            var query = History.request(History.CALL_IDS.getFirst(), 1, OptionalInt.of(0), List.of());
            assertThat(stored.carryOut(query).outcome()).isInstanceOf(RegisterOutcome.Registered.class);
            assertThat(stored.live()).isEqualTo(before);
        });
    }

    // ten at most

    /**
     * An account with as many contacts as may be, which end at different times.
     *
     * @param left the seconds of each
     * @param named contacts of the next request, some of them new
     */
    private record Full(List<Integer> left, List<Integer> named) {
        static Full random(RandomGenerator random) {
            var times = IntStream.range(60, 7200).boxed().collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(times, random);
            var contacts = IntStream.range(0, 2 * MAX).boxed().collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(contacts, random);
            return new Full(
                    List.copyOf(times.subList(0, MAX)),
                    List.copyOf(contacts.subList(0, Drawn.between(random, 1, MAX))));
        }
    }

    @Test
    void contactsBeyondTen_endTheSoonestToExpire_butNoneThatIsNamed() {
        Property.holds(1_000, Full::random, full -> {
            var stored = new StoredBindings(0);
            stored.carryOut(named("first", MAX, i -> i, i -> full.left().get(i)));
            assertThat(stored.live()).hasSize(MAX);
            var named = named("second", full.named().size(), i -> full.named().get(i), _ -> 60);
            stored.carryOut(named);

            var staying = IntStream.range(0, MAX)
                    .boxed()
                    .filter(i -> !full.named().contains(i))
                    .sorted(Comparator.comparing((Integer i) -> full.left().get(i))
                            .reversed())
                    .limit(MAX - full.named().size());
            var expected = Stream.concat(staying, full.named().stream()).map(i -> "sip:" + i);
            assertThat(stored.live())
                    .extracting(Binding::contact)
                    .containsExactlyInAnyOrderElementsOf(expected.toList());
        });
    }

    private static RegisterCommand named(
            String callId, int contacts, IntFunction<Integer> number, IntFunction<Integer> seconds) {
        return History.request(
                callId,
                1,
                OptionalInt.empty(),
                IntStream.range(0, contacts)
                        .mapToObj(i -> History.contact(
                                "sip:" + number.apply(i), OptionalInt.of(seconds.apply(i)), null, OptionalInt.empty()))
                        .toList());
    }

    @Test
    void moreThanTenContactsAtOnce_areRefused() {
        var applied = new StoredBindings(0).carryOut(named("call", MAX + 1, i -> i, _ -> 3600));
        assertThat(applied.outcome()).isInstanceOf(RegisterOutcome.Invalid.class);
        assertStoresNothing(applied);
    }

    // how long

    /** What a contact asks for, and the most or the least or something that chance takes from it. */
    private record Wish(OptionalInt contact, OptionalInt header, int jitter) {
        static Wish random(RandomGenerator random) {
            return new Wish(History.expires(random), History.expires(random), Drawn.between(random, 0, 1000));
        }
    }

    @Test
    void time_isGrantedUpToATenthLess_butAMinuteAtLeastAndTwoHoursAtMost() {
        Property.holds(2_000, Wish::random, wish -> {
            var stored = new StoredBindings(wish.jitter());
            var contact = History.contact("sip:phone", wish.contact(), null, OptionalInt.empty());
            var applied = stored.carryOut(History.request("call", 1, wish.header(), List.of(contact)));
            var wanted = wish.contact().orElse(wish.header().orElse(3600));
            if (wanted == 0) {
                assertThat(stored.live()).isEmpty();
            } else if (wanted < 60) {
                assertThat(applied.outcome()).isEqualTo(new RegisterOutcome.TooBrief(60));
                assertStoresNothing(applied);
            } else {
                var most = Math.min(wanted, 7200);
                var granted = stored.live("sip:phone").secondsLeft();
                assertThat(granted).isBetween(Math.max(60, most - most / 10), most);
                assertThat(granted)
                        .as("a time that is shorter by what chance takes")
                        .isEqualTo(Math.max(60, most - Math.min(most / 10, wish.jitter())));
            }
        });
    }

    // which binding goes on: RFC 5626 section 6, RFC 3261 section 10.3 step 7

    @Test
    void phone_thatMoves_goesOnWithItsBinding_foundByItsFlowOrItsCallId() {
        Property.holds(1_000, History::random, history -> {
            var stored = StoredBindings.withRoomAfter(history);
            stored.carryOut(History.request("flow before", 1, "sip:flow-before", "urn:flow", 1));
            stored.carryOut(History.request("call", 1, "sip:call-before", null, 1));
            var flow = stored.live("sip:flow-before");
            var call = stored.live("sip:call-before");
            stored.pass(100);
            stored.carryOut(History.request("flow after", 1, "sip:flow-after", "urn:flow", 1));
            stored.carryOut(History.request("call", 2, "sip:call-after", null, 1));

            assertGoesOn(stored.live("sip:flow-after"), flow);
            assertGoesOn(stored.live("sip:call-after"), call);
            assertThat(stored.live()).extracting(Binding::contact).doesNotContain("sip:flow-before", "sip:call-before");
        });
    }

    private static void assertGoesOn(Binding after, Binding before) {
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.firstSeen()).isEqualTo(before.firstSeen());
    }

    /** Such as phones whose flows are not managed, and which come from another port after each restart. */
    @Test
    void phone_thatMoves_goesOn_byItsInstanceAlone_unlessItTakesBack() {
        Property.holds(History::random, history -> {
            var stored = StoredBindings.withRoomAfter(history);
            stored.carryOut(instanceOnly("before", "sip:anna@192.0.2.1:1024", 3600));
            var before = stored.live("sip:anna@192.0.2.1:1024");
            stored.carryOut(instanceOnly("after", "sip:anna@192.0.2.1:1025", 3600));
            assertGoesOn(stored.live("sip:anna@192.0.2.1:1025"), before);
            stored.carryOut(instanceOnly("after still", "sip:anna@192.0.2.1:1024", 0));
            assertThat(stored.live()).extracting(Binding::contact).contains("sip:anna@192.0.2.1:1025");
        });
    }

    private static RegisterCommand instanceOnly(String callId, String contact, int expires) {
        return History.request(
                callId,
                1,
                OptionalInt.of(expires),
                List.of(History.contact(contact, OptionalInt.empty(), "urn:one-phone", OptionalInt.empty())));
    }

    /** A gateway registers several of its users with one Call-ID, and each by itself. */
    @Test
    void usersOfOneCallId_areEachKept() {
        Property.holds(History::random, history -> {
            var stored = StoredBindings.withRoomAfter(history);
            stored.carryOut(History.request("gateway", 1, "sip:one@192.0.2.1", null, 1));
            stored.carryOut(History.request("gateway", 2, "sip:two@192.0.2.1", null, 1));
            assertThat(stored.live()).extracting(Binding::contact).contains("sip:one@192.0.2.1", "sip:two@192.0.2.1");
        });
    }

    @Test
    void contact_goesOnWithItsFlow_elseWithItsAddress_elseWithItsCallId() {
        Property.holds(History::random, history -> {
            for (var known = 0; known < 3; known++) {
                var stored = StoredBindings.withRoomAfter(history);
                stored.carryOut(History.request("flow", 1, "sip:flow", "urn:flow", 1));
                stored.carryOut(History.request("address", 1, "sip:address", null, 1));
                stored.carryOut(History.request("call", 1, "sip:call", null, 1));
                var before = stored.live(
                        List.of("sip:flow", "sip:address", "sip:call").get(known));
                var contact = known < 2 ? "sip:address" : "sip:elsewhere";
                stored.carryOut(History.request("call", 2, contact, known == 0 ? "urn:flow" : null, 1));
                assertGoesOn(stored.live(contact), before);
            }
        });
    }

    @Test
    void contact_thatIsLive_goesOn_howeverItsPhoneIsKnownNow() {
        Property.holds(3_000, Next::random, next -> {
            var stored = StoredBindings.after(next.history());
            var before = stored.live();
            stored.carryOut(next.request());
            var known = before.stream().map(Binding::contact).collect(toSet());
            assertThat(stored.live())
                    .filteredOn(binding -> known.contains(binding.contact()))
                    .extracting(Binding::id)
                    .isSubsetOf(before.stream().map(Binding::id).toList());
        });
    }

    /** A phone sends all its registrations with one Call-ID (RFC 3261 section 10.2), those of its flows too. */
    @Test
    void flowsOfOnePhone_withOneCallId_areEachKept() {
        Property.holds(History::random, history -> {
            var stored = StoredBindings.withRoomAfter(history);
            stored.carryOut(History.request("flows", 1, "sip:flow-1", "urn:flow", 1));
            stored.carryOut(History.request("flows", 2, "sip:flow-2", "urn:flow", 2));
            stored.carryOut(History.request("flows", 3, "sip:other", "urn:other", 1));
            assertThat(stored.live()).extracting(Binding::contact).contains("sip:flow-1", "sip:flow-2", "sip:other");
        });
    }

    /**
     * RFC 3261 section 10.2.2: an address that is named with 0 seconds is none any more, however else its phone is
     * known.
     */
    @Test
    void contact_thatIsTakenBack_isNotLive() {
        Property.holds(2_000, Next::random, next -> {
            var stored = StoredBindings.after(next.history());
            if (stored.carryOut(next.request()).outcome() instanceof RegisterOutcome.Registered) {
                var takenBack = next.request().contacts().stream()
                        .filter(contact -> next.request().expires(contact).equals(OptionalInt.of(0)))
                        .map(RequestedContact::uri)
                        .toList();
                assertThat(stored.live()).extracting(Binding::contact).noneMatch(takenBack::contains);
            }
        });
    }

    /** To take back the old address after the new one is registered must not take back the new one. */
    @Test
    void address_thatIsTakenBackAfterTheMove_leavesTheNewOne() {
        Property.holds(History::random, history -> {
            var stored = StoredBindings.withRoomAfter(history);
            stored.carryOut(History.request("call", 1, "sip:before", null, 1));
            stored.carryOut(History.request("call", 2, "sip:after", null, 1));
            var before = History.contact("sip:before", OptionalInt.of(0), null, OptionalInt.empty());
            stored.carryOut(History.request("call", 3, OptionalInt.empty(), List.of(before)));
            assertThat(stored.live())
                    .extracting(Binding::contact)
                    .contains("sip:after")
                    .doesNotContain("sip:before");
        });
    }
}
