package im.signet.terms.acceptance;

import im.signet.kit.token.Caller;
import im.signet.kit.web.NeedsToken;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /_signet/terms/receipts`: what the caller ever accepted, each with its signed receipt, the oldest first.
@RestController
final class ReceiptController {

    private final Acceptances acceptances;

    ReceiptController(Acceptances acceptances) {
        this.acceptances = acceptances;
    }

    @NeedsToken(termsMayBeOutstanding = true)
    @GetMapping("/_signet/terms/receipts")
    JsonObject receipts(@AuthenticationPrincipal Caller caller) {
        return JsonObject.builder()
                .put("receipts", JsonArray.of(acceptances.receiptsOf(caller.user())
                        .stream()
                        .map(Receipt::toJson)
                        .toList()))
                .build();
    }
}
