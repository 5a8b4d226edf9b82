package im.signet.protocol.fuzz;

import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.Fingerprint;
import im.signet.protocol.handle.Verdict;
import im.signet.protocol.identifier.ServerName;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertEquals;

class CardFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void whatIsReadIsWrittenAndReadAgain(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        if (Card.parse(text) instanceof Verdict.Valid<Card> valid) {
            Card card = valid.value();
            String code = card.toText().substring("SIGNET:".length());

            assertEquals(valid, Card.parse(card.toText()));
            assertEquals(valid, Card.parse(card.toLink(ServerName.of("ns.example.org"))));
            assertEquals(code, text.substring(text.length() - code.length()));
        }
        if (Fingerprint.parse(text) instanceof Verdict.Valid<Fingerprint> valid) {
            assertEquals(text, valid.value().toString());
            assertEquals(12, valid.value().groups().size());
        }
    }
}
