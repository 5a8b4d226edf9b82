package im.signet.bench.faults;

import im.signet.bench.faults.Violation.What;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A checker that finds nothing proves nothing: here each kind of harm is done to a database or a journal, and found. */
class CheckerTest {

    private World world;

    @BeforeEach
    void begin() throws Exception {
        world = World.whole();
    }

    @AfterEach
    void end() throws Exception {
        world.close();
    }

    @Test
    void findsNothingWhereAllIsAsAcknowledged() throws Exception {
        assertThat(world.check().violations()).isEmpty();
        assertThat(world.check().resolved()).isEmpty();
    }

    @Test
    void findsALostBinding() throws Exception {
        world.sql("DELETE FROM identity.association");
        assertThat(world.wrong()).containsExactly(What.LOST);
        assertThat(world.check().violations().getFirst().lines()).as("the journal about it")
                .anySatisfy(line -> assertThat(line.string("op")).contains("bind"))
                .anySatisfy(line -> assertThat(line.string("is")).contains("done"));
    }

    @Test
    void findsABindingThatOnlyAJournalHas() throws Exception {
        // As if an answer had been given before the transaction was durable.
        world.done(Op.BIND, world.alice().put("address", "other@example.org").build(), JsonObject.of());
        assertThat(world.wrong()).containsExactly(What.LOST);
    }

    @Test
    void findsABindingThatLookupsDoNotFind() throws Exception {
        world.sql("DELETE FROM identity.lookup_entry");
        assertThat(world.wrong()).containsExactly(What.HALF_DONE);
    }

    @Test
    void findsALookupEntryThatSaysOtherwise() throws Exception {
        world.sql("UPDATE identity.lookup_entry SET user_id = '@mallory:example.org'");
        assertThat(world.wrong()).containsExactly(What.HALF_DONE);
    }

    @Test
    void findsABindingThatNobodyAskedFor() throws Exception {
        world.association("stranger@example.org");
        assertThat(world.wrong()).containsExactly(What.UNEXPLAINED);
    }

    @Test
    void findsABindingToSomebodyElse() throws Exception {
        world.sql("UPDATE identity.association SET user_id = '@mallory:example.org'");
        assertThat(world.wrong()).containsExactly(What.DIFFERS, What.HALF_DONE);
    }

    @Test
    void findsABindingThatIsThereAgain() throws Exception {
        world.done(Op.UNBIND, world.alice().put("address", World.EMAIL).build(), JsonObject.of());
        world.sql("INSERT INTO identity.unbound_address SELECT address_hash, now() FROM identity.association");
        assertThat(world.wrong()).containsExactly(What.REVIVED);
        world.sql("DELETE FROM identity.association");
        assertThat(world.wrong()).isEmpty();
        world.sql("DELETE FROM identity.unbound_address");
        assertThat(world.wrong()).as("nothing keeps an older proof from binding it").containsExactly(What.HALF_DONE);
    }

    @Test
    void takesAnUnknownOutcomeEitherWayAndThenKeepsToIt() throws Exception {
        world.proof("second@example.org", "sid2");
        world.unknown(Op.BIND, world.alice().put("address", "second@example.org").build());
        assertThat(world.wrong()).as("not done").isEmpty();
        world.association("second@example.org");
        Checker.Result done = world.check();
        assertThat(done.violations()).as("done").isEmpty();
        assertThat(done.resolved()).containsEntry(new Key(Key.Kind.BINDING, "second@example.org"), World.ALICE);
        done.resolved().forEach(world.journal::resolved);
        assertThat(world.wrong()).isEmpty();
        world.sql("DELETE FROM identity.association WHERE address_hash = (SELECT address_hash FROM"
                + " identity.validation_session WHERE sid = 'sid2')");
        assertThat(world.wrong()).as("seen, and gone").containsExactly(What.LOST);
    }

    @Test
    void doesNotTakeARefusalForDone() throws Exception {
        world.proof("second@example.org", "sid2");
        String id = world.journal.intent(Op.BIND, world.alice().put("address", "second@example.org").build());
        world.journal.outcome(id, Journal.Outcome.REFUSED, 0, JsonObject.of());
        assertThat(world.wrong()).isEmpty();
        world.association("second@example.org");
        assertThat(world.wrong()).containsExactly(What.REVIVED);
    }

    @Test
    void findsALostToken() throws Exception {
        world.sql("DELETE FROM terms.access_token");
        assertThat(world.wrong()).containsExactly(What.LOST);
    }

    @Test
    void findsARevivedToken() throws Exception {
        world.done(Op.LOGOUT, world.alice().put("hash", World.hash32("aa")).build(), JsonObject.of());
        assertThat(world.wrong()).containsExactly(What.REVIVED);
        world.sql("DELETE FROM terms.access_token");
        assertThat(world.wrong()).isEmpty();
    }

    @Test
    void takesATokenThatNobodyWasToldForEachLostAnswerAndNoMore() throws Exception {
        world.unknown(Op.REGISTER, world.alice().build());
        world.token("bb");
        assertThat(world.wrong()).isEmpty();
        world.token("cc");
        assertThat(world.wrong()).containsExactly(What.UNEXPLAINED);
    }

    @Test
    void findsAnOpenIdTokenThatCouldBeUsedAgain() throws Exception {
        world.sql("DELETE FROM terms.used_openid_token");
        assertThat(world.wrong()).containsExactly(What.LOST);
    }

    @Test
    void findsAnAcceptanceWithoutItsReceipt() throws Exception {
        world.sql("DELETE FROM terms.receipt");
        assertThat(world.wrong()).containsExactly(What.HALF_DONE);
    }

    @Test
    void findsALostAcceptanceAndOneTooMany() throws Exception {
        world.sql("UPDATE terms.acceptance SET user_id = '@mallory:example.org'");
        assertThat(world.wrong()).containsExactly(What.LOST, What.UNEXPLAINED);
    }

    @Test
    void findsAProofThatIsLost() throws Exception {
        world.sql("UPDATE identity.validation_session SET validated_at = NULL");
        assertThat(world.wrong()).containsExactly(What.DIFFERS);
        world.sql("DELETE FROM identity.validation_session");
        assertThat(world.wrong()).containsExactly(What.LOST);
    }

    @Test
    void findsASessionWithoutItsToken() throws Exception {
        world.sql("DELETE FROM identity.validation_token");
        assertThat(world.wrong()).containsExactly(What.HALF_DONE);
    }

    @Test
    void findsALostInvitationAndALostKey() throws Exception {
        world.sql("DELETE FROM identity.invitation");
        assertThat(world.wrong()).containsExactly(What.LOST);
        world.invitation("friend@example.org", "invitation1");
        world.sql("DELETE FROM identity.ephemeral_key");
        assertThat(world.wrong()).containsExactly(What.LOST);
    }

    @Test
    void findsAnInvitationThatItsOwnerIsNotTold() throws Exception {
        world.proof("friend@example.org", "sid2");
        world.bind("friend@example.org");
        assertThat(world.wrong()).as("it still waits").containsExactly(What.DIFFERS);
        world.sql("UPDATE identity.invitation SET assigned_to = '" + World.ALICE + "', delivery = 'd'");
        assertThat(world.check(world.now(), false).violations()).as("handed over, and no letter says so")
                .extracting(
                        Violation::what)
                .containsExactly(What.HALF_DONE);
        world.sql(
                "INSERT INTO identity.scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)"
                        + " VALUES ('onbind', '1', 'x', now(), false, 1)");
        assertThat(world.check(world.now(), false).violations()).as("on its way").isEmpty();
        assertThat(world.wrong()).as("on its way for ever").containsExactly(What.DIFFERS, What.LATE);
        world.sql("DELETE FROM identity.invitation");
        world.sql("DELETE FROM identity.scheduled_tasks");
        assertThat(world.wrong()).as("gone, and nobody was told").containsExactly(What.LOST);
        world.delivered.add("invitation1");
        assertThat(world.wrong()).isEmpty();
    }

    @Test
    void findsALostMail() throws Exception {
        world.mails.removeFirst();
        assertThat(world.wrong()).containsExactly(What.LOST);
        world.sql(
                "INSERT INTO identity.scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)"
                        + " VALUES ('mail', '1', 'x', now(), false, 1)");
        assertThat(world.check(world.now(), false).violations()).as("it still is to come").isEmpty();
    }

    @Test
    void findsAMailThatCameTwice() throws Exception {
        world.mail(World.EMAIL, "m-sid1", 5);
        assertThat(world.wrong()).containsExactly(What.TWICE);
        world.journal.fault("kill a");
        assertThat(world.wrong()).as("unless its sender was killed then").isEmpty();
    }

    @Test
    void findsAMailThatNobodyAskedFor() throws Exception {
        world.mail(World.EMAIL, "another", 5);
        assertThat(world.wrong()).containsExactly(What.UNEXPLAINED);
    }

    @Test
    void takesOneMailMoreForEachLostAnswerWhereEachAttemptSendsOne() throws Exception {
        String id = world.journal.intent(Op.CONFIRM_MAIL, world.alice().put("address", World.EMAIL).build());
        world.journal.outcome(id, Journal.Outcome.DONE, 1, JsonObject.of());
        assertThat(world.wrong()).as("it did not come").containsExactly(What.LOST);
        world.mail(World.EMAIL, "first", 1);
        assertThat(world.wrong()).isEmpty();
        world.mail(World.EMAIL, "second", 2);
        assertThat(world.wrong()).isEmpty();
        world.mail(World.EMAIL, "third", 3);
        assertThat(world.wrong()).containsExactly(What.UNEXPLAINED);
    }

    @Test
    void findsALostHandle() throws Exception {
        world.sql("DELETE FROM names.binding");
        assertThat(world.wrong()).as("and an identity without a handle").containsExactly(What.LOST, What.HALF_DONE);
    }

    @Test
    void findsAChainThatLacksItsNewestOperation() throws Exception {
        world.sql("DELETE FROM names.operation WHERE seq = 1");
        assertThat(world.wrong()).containsExactly(What.HALF_DONE);
        world.sql("UPDATE names.identity SET seq = 0, head = '" + world.firstOperation + "'");
        assertThat(world.wrong()).as("as if it had never been").containsExactly(What.DIFFERS);
    }

    @Test
    void findsOperationsWithoutTheirIdentity() throws Exception {
        world.sql("ALTER TABLE names.operation DROP CONSTRAINT operation_id_fkey");
        world.sql("INSERT INTO names.operation SELECT 'stray', seq, jws FROM names.operation WHERE seq = 0");
        assertThat(world.wrong()).containsExactly(What.HALF_DONE);
    }

    @Test
    void findsAHandleThatSaysOtherThanItsBinding() throws Exception {
        world.sql("UPDATE names.binding SET seq = 1");
        assertThat(world.wrong()).containsExactly(What.HALF_DONE);
    }

    @Test
    void findsWhatIsLeftOfAnErasedUser() throws Exception {
        world.done(Op.ERASE, world.alice().build(), JsonObject.of());
        assertThat(world.check(world.now(), false).violations()).extracting(Violation::what)
                .as("at once")
                .contains(What.REVIVED);
        world.sql("DELETE FROM terms.access_token");
        world.sql("DELETE FROM terms.acceptance");
        assertThat(world.check(world.now(), false).violations()).as("the rest follows").isEmpty();
        assertThat(world.wrong()).as("for ever").containsExactly(What.REVIVED, What.DIFFERS);
        world.sql("DELETE FROM identity.validation_session");
        world.sql("DELETE FROM identity.association");
        world.sql("DELETE FROM identity.invitation");
        world.sql("DELETE FROM names.binding");
        world.sql("DELETE FROM names.identity");
        assertThat(world.wrong()).as("the handle is to be kept from others").containsExactly(What.LOST);
    }

    @Test
    void knowsThatAHandleOfSomebodyErasedMayNeverHaveBeenRegistered() throws Exception {
        JsonObject.Builder bob = JsonObject.builder().put("user", "@bob:example.org");
        world.unknown(Op.REGISTER_HANDLE, bob.put("handle", "bob@example.org")
                .put("binding", "b")
                .put("identity", "n1bob")
                .put("operation", "o")
                .build());
        world.done(Op.ERASE, JsonObject.builder().put("user", "@bob:example.org").build(), JsonObject.of());
        assertThat(world.check().violations()).as("it was not").isEmpty();
        world.sql(
                "INSERT INTO names.quarantine (handle_hash, fold_hash, id_hash, last_hash, chain_hash, was_active, began_at)"
                        + " VALUES (decode('" + world.hashes.ofHandle("bob@example.org")
                        + "', 'hex'), sha256('f'), sha256('i'), sha256('l'), sha256('c'), true, now())");
        assertThat(world.check().violations()).as("it was").isEmpty();
    }

    @Test
    void missesNoInvitationOfSomebodyErasedWhereItsAddressIsBoundSince() throws Exception {
        world.done(Op.ERASE, world.alice().build(), JsonObject.of());
        world.done(Op.BIND,
                JsonObject.builder().put("user", "@bob:example.org").put("address", "friend@example.org").build(),
                JsonObject.of());
        assertThat(invitations()).as("it waits for nobody any more").isNotEmpty();
        world.sql("DELETE FROM identity.invitation");
        assertThat(invitations()).as("it went with whoever invited").isEmpty();
        world.delivered.add("invitation1");
        assertThat(invitations()).as("or it was handed over before").isEmpty();
    }

    @Test
    void takesAnInvitationForTakenBackWhoseAddressWasUnboundBeforeItWasDelivered() throws Exception {
        world.bind("friend@example.org");
        world.done(Op.UNBIND, world.alice().put("address", "friend@example.org").build(), JsonObject.of());
        world.sql("DELETE FROM identity.invitation");
        assertThat(invitations()).as("at once").isEmpty();
        assertThat(invitations(world.later())).as("also long after").isEmpty();
        world.delivered.add("invitation1");
        assertThat(invitations(world.later())).as("or it was on its way").isEmpty();
        world.delivered.clear();
        world.invitation("friend@example.org", "invitation1");
        assertThat(invitations(world.later())).as("but it waits for nobody any more").isNotEmpty();
    }

    @Test
    void takesAnInvitationForTakenBackWhoseNewOwnerLeftBeforeItWasDelivered() throws Exception {
        world.bind("friend@example.org");
        world.done(Op.WITHDRAW, world.alice().build(), JsonObject.of());
        world.sql("DELETE FROM identity.invitation");
        assertThat(invitations()).as("at once").isEmpty();
        assertThat(invitations(world.later())).as("also long after").isEmpty();
    }

    @Test
    void knowsThatAnInvitationMayWaitStillWhoseAddressIsPerhapsNotBound() throws Exception {
        JsonObject bind = JsonObject.builder()
                .put("user", "@bob:example.org")
                .put("address", "friend@example.org")
                .build();
        world.journal.outcome(world.journal.intent(Op.BIND, bind), Journal.Outcome.UNSENT, 0, JsonObject.of());
        world.done(Op.WITHDRAW, JsonObject.builder().put("user", "@bob:example.org").build(), JsonObject.of());
        assertThat(invitations(world.later())).as("it was not").isEmpty();
        world.unknown(Op.BIND, bind);
        world.done(Op.WITHDRAW, JsonObject.builder().put("user", "@bob:example.org").build(), JsonObject.of());
        assertThat(invitations()).as("it may be").isEmpty();
        assertThat(invitations(world.later())).isEmpty();
        world.sql("DELETE FROM identity.invitation");
        assertThat(invitations(world.later())).as("it was, and gone with the user").isEmpty();
    }

    @Test
    void findsALostInvitationWhoseAddressWasNeverBound() throws Exception {
        JsonObject bind = JsonObject.builder()
                .put("user", "@bob:example.org")
                .put("address", "friend@example.org")
                .build();
        world.journal.outcome(world.journal.intent(Op.BIND, bind), Journal.Outcome.UNSENT, 0, JsonObject.of());
        world.done(Op.WITHDRAW, JsonObject.builder().put("user", "@bob:example.org").build(), JsonObject.of());
        world.sql("DELETE FROM identity.invitation");
        assertThat(invitations(world.later())).isNotEmpty();
    }

    private List<Violation> invitations() throws Exception {
        return invitations(world.now());
    }

    private List<Violation> invitations(Instant now) throws Exception {
        return world.check(now, false)
                .violations()
                .stream()
                .filter(wrong -> wrong.toString().contains("invitation"))
                .toList();
    }

    @Test
    void leavesOpenWhetherSomebodyWasErasedUntilItIsSeen() throws Exception {
        world.unknown(Op.ERASE, world.alice().build());
        Checker.Result not = world.check();
        assertThat(not.violations()).isEmpty();
        assertThat(not.resolved()).containsExactly(java.util.Map.entry(new Key(Key.Kind.END, World.ALICE), Key.NONE));
        not.resolved().forEach(world.journal::resolved);
        assertThat(world.wrong()).isEmpty();
        world.sql("DELETE FROM identity.association");
        assertThat(world.wrong()).as("she was not, so nothing of hers may go").containsExactly(What.LOST);
    }

    @Test
    void findsAnAnswerThatContradicts() throws Exception {
        world.journal.contradiction("a live token is answered 401", world.alice().build());
        assertThat(world.wrong()).containsExactly(What.CONTRADICTED);
    }

    @Test
    void countsWhatIsOnItsWay() throws Exception {
        world.sql(
                "INSERT INTO identity.scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)"
                        + " VALUES ('mail', '1', 'x', now(), false, 1)");
        assertThat(world.check(world.now().plus(Duration.ofSeconds(1)), false).violations()).isEmpty();
        assertThat(world.wrong()).containsExactly(What.LATE);
    }

    private void tells(String created, String due, int failures) throws Exception {
        world.sql("DELETE FROM terms.scheduled_tasks");
        world.sql("INSERT INTO terms.scheduled_tasks (task_name, task_instance, task_data, created_at, execution_time,"
                + " consecutive_failures, picked, version) VALUES ('end-holdings', '1', 'x', now() + interval '"
                + created
                + "', now() + interval '" + due + "', " + failures + ", false, 1)");
    }

    @Test
    void doesNotWaitForWhatIsToldOnceMoreAfterAMinute() throws Exception {
        tells("-58 seconds", "2 seconds", 0);
        assertThat(world.wrong()).as("soon").isEmpty();
        tells("-62 seconds", "-2 seconds", 0);
        assertThat(world.wrong()).as("at the next look of the server").isEmpty();
        tells("-70 seconds", "-10 seconds", 0);
        assertThat(world.wrong()).as("overdue").containsExactly(What.LATE);
        tells("-70 seconds", "20 seconds", 1);
        assertThat(world.wrong()).as("tried in vain").containsExactly(What.LATE);
        tells("-1 second", "-1 second", 0);
        assertThat(world.wrong()).as("told for the first time").containsExactly(What.LATE);
    }
}
