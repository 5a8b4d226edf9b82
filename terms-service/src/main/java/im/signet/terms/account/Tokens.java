package im.signet.terms.account;

import im.signet.kit.token.AccessToken;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.signature.UnpaddedBase64;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

import org.springframework.stereotype.Service;

/** A user's access tokens, for that user to look through and to end. What is ended here ends at once, for every service. */
@Service
public class Tokens {

    private final AccessTokens tokens;
    private final Clock clock;

    Tokens(AccessTokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Returns the tokens that the user can use, those first that were used last. */
    public List<TokenInfo> tokensOf(UserId user) {
        return tokens.findLiveOf(user.value(), clock.instant())
                .stream()
                .map(row -> new TokenInfo(shown(row), row.createdAt(), row.lastUsedAt(), row.expiresAt()))
                .toList();
    }

    /** Ends one token of the user; returns whether they had one of that id. */
    public boolean end(UserId user, String id) {
        return read(id).map(bytes -> tokens.deleteLive(user.value(), bytes, clock.instant()) > 0).orElse(false);
    }

    /** Ends all tokens of the user, and nothing of them is left; returns how many there were. */
    public int endAll(UserId user) {
        return tokens.deleteAllOf(user.value());
    }

    /** Ends all tokens of the user but this one; returns how many there were. */
    int endOthers(UserId user, AccessToken kept) {
        return tokens.deleteOtherLiveOf(user.value(), kept.hash(), clock.instant());
    }

    /** Returns the id of the token that has this hash; empty when it has ended. */
    public Optional<String> idOf(byte[] tokenHash) {
        return tokens.findLive(tokenHash, clock.instant()).map(Tokens::shown);
    }

    private static String shown(AccessTokenRow row) {
        return UnpaddedBase64.encodeUrl(row.id());
    }

    // In one spelling only: an id that is shown is the id that is taken.
    private static Optional<byte[]> read(String id) {
        Parsed<byte[]> bytes = UnpaddedBase64.decodeUrl(id);
        return bytes.toOptional().filter(decoded -> UnpaddedBase64.encodeUrl(decoded).equals(id));
    }
}
