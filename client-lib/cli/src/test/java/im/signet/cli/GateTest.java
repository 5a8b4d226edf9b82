package im.signet.cli;

import im.signet.client.transport.Disclosure;
import im.signet.client.transport.Disclosure.Subject;
import im.signet.client.transport.Method;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.RequestListener.Verdict;

import java.net.URI;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing passes that the user did not agree to. */
class GateTest {

    private final ScriptedTerminal terminal = new ScriptedTerminal();
    private final Gate gate = new Gate(terminal, false, false);

    private static PlannedRequest request(String host, Subject... subjects) {
        return new PlannedRequest(Method.POST, URI.create("https://" + host + "/x"),
                new Disclosure("Tells it something.", Set.of(subjects)));
    }

    @Test
    void tellsAndAsksOnceForEachKindAndServer() {
        terminal.typing("y", "yes", "y");
        assertThat(gate.beforeSending(request("a.example", Subject.ACCOUNT))).isEqualTo(Verdict.SEND);
        assertThat(gate.beforeSending(request("a.example", Subject.ACCOUNT))).isEqualTo(Verdict.SEND);
        assertThat(terminal.questions).hasSize(1);
        assertThat(terminal.told).contains("-> POST https://a.example/x", "   Tells it something.");
        gate.beforeSending(request("a.example", Subject.ACCOUNT, Subject.CONTACT_HASHES));
        gate.beforeSending(request("b.example", Subject.ACCOUNT));
        assertThat(terminal.questions).hasSize(3);
    }

    @Test
    void letsNothingPassOnAnyOtherAnswer() {
        terminal.typing("n", "", "what?", "N");
        for (int i = 0; i < 3; i++) {
            assertThat(gate.beforeSending(request("a.example", Subject.ACCOUNT))).isEqualTo(Verdict.VETO);
        }
        // The input has ended.
        assertThat(gate.beforeSending(request("a.example", Subject.ACCOUNT))).isEqualTo(Verdict.VETO);
    }

    @Test
    void asksNobodyWhereNobodyIs() {
        terminal.withNobody();
        assertThat(gate.beforeSending(request("a.example", Subject.ACCOUNT))).isEqualTo(Verdict.VETO);
        assertThat(terminal.told).anyMatch(line -> line.contains("--yes"));
        assertThat(new Gate(terminal, true, false).beforeSending(request("a.example", Subject.ACCOUNT)))
                .isEqualTo(Verdict.SEND);
    }

    @Test
    void asksNothingAboutWhatDisclosesNothingNew() {
        assertThat(gate.beforeSending(request("a.example"))).isEqualTo(Verdict.SEND);
        assertThat(terminal.told).isEmpty();
        new Gate(terminal, false, true).beforeSending(request("a.example"));
        assertThat(terminal.told).hasSize(2);
        assertThat(terminal.questions).isEmpty();
    }

    @Test
    void agreesToTheWholeCommandAtOnce() {
        terminal.typing("a");
        assertThat(gate.beforeSending(request("a.example", Subject.ACCOUNT))).isEqualTo(Verdict.SEND);
        assertThat(gate.beforeSending(request("b.example", Subject.CONTACT_ADDRESSES))).isEqualTo(Verdict.SEND);
        assertThat(terminal.questions).hasSize(1);
    }

    @Test
    void tellsOfEachPartOfALongAddressBook() {
        terminal.typing("y");
        for (int i = 0; i < 3; i++) {
            assertThat(gate.beforeSending(request("a.example", Subject.CONTACT_HASHES))).isEqualTo(Verdict.SEND);
        }
        assertThat(terminal.questions).hasSize(1);
        assertThat(terminal.told).containsExactly("-> POST https://a.example/x", "   Tells it something.",
                "   Tells it something.", "   Tells it something.");
    }

    @Test
    void readsStatusAndTermsOfTheServerThatWasChosenWithoutAsking() {
        gate.chosen(URI.create("https://a.example"));
        assertThat(gate.beforeSending(request("a.example", Subject.INTEREST))).isEqualTo(Verdict.SEND);
        assertThat(gate.beforeSending(request("a.example", Subject.INTENTION))).isEqualTo(Verdict.VETO);
        assertThat(gate.beforeSending(request("b.example", Subject.INTEREST))).isEqualTo(Verdict.VETO);
    }
}
