package im.signet.terms.account;

import im.signet.kit.token.Caller;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.Params;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The endpoints below `/_signet/terms/tokens`: users see where they are signed in, and sign out there. Whoever refuses
/// the
/// terms can, too.
@RestController
@RequestMapping("/_signet/terms/tokens")
final class TokenController {

    private final Tokens tokens;

    TokenController(Tokens tokens) {
        this.tokens = tokens;
    }

    @NeedsToken(termsMayBeOutstanding = true)
    @GetMapping
    JsonObject tokens(@AuthenticationPrincipal Caller caller) {
        String current = tokens.idOf(caller.token().hash()).orElse("");
        return JsonObject.builder()
                .put("tokens", JsonArray.of(tokens.tokensOf(caller.user())
                        .stream()
                        .map(token -> shown(token, token.id().equals(current)))
                        .toList()))
                .build();
    }

    @NeedsToken(termsMayBeOutstanding = true)
    @DeleteMapping("/{id}")
    JsonObject end(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        if (!tokens.end(caller.user(), id)) {
            throw ErrorCode.M_NOT_FOUND.because("you have no token of that id");
        }
        return JsonObject.of();
    }

    @NeedsToken(termsMayBeOutstanding = true)
    @PostMapping("/end_all")
    JsonObject endAll(@AuthenticationPrincipal Caller caller, Params params) {
        int ended = params.optionalBoolean("keep_current").orElse(false)
                ? tokens.endOthers(caller.user(), caller.token())
                : tokens.endAll(caller.user());
        return JsonObject.builder().put("ended", ended).build();
    }

    private static JsonObject shown(TokenInfo token, boolean current) {
        return JsonObject.builder()
                .put("id", token.id())
                .put("created_ts", token.createdAt().toEpochMilli())
                .put("last_used_ts", token.lastUsedAt().toEpochMilli())
                .put("expires_ts", token.expiresAt().toEpochMilli())
                .put("current", current)
                .build();
    }
}
