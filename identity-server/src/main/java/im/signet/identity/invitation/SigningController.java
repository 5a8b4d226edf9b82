package im.signet.identity.invitation;

import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;
import im.signet.protocol.Parsed;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.UnpaddedBase64;

import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `POST /sign-ed25519`, in the specification's form and in those that shipping clients use: they were mailed a link to
/// it
/// with token and key in its query, add their user id, and send neither a body nor an access token. The key is the
/// credential in either form: who has it could sign without us.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#ephemeral-invitation-signing">Ephemeral invitation
///      signing</a>
@RestController
final class SigningController {

    static final String V2 = "/_matrix/identity/v2/sign-ed25519";

    private static final String V1 = "/_matrix/identity/api/v1/sign-ed25519";
    private static final int MAX_TEXT = 255;

    private final Invitations invitations;
    private final LegacyV1Properties legacy;

    SigningController(Invitations invitations, LegacyV1Properties legacy) {
        this.invitations = invitations;
        this.legacy = legacy;
    }

    @NeedsToken
    @PostMapping(V2)
    JsonObject sign(Params params) {
        params.require("mxid", "token", "private_key");
        UserId user = params.parsed("mxid", MAX_TEXT, UserId::parse);
        String token = params.string("token", MAX_TEXT);
        SigningKey key = params.parsed("private_key", MAX_TEXT, SigningController::privateKey);
        return invitations.sign(user, token, key)
                .orElseThrow(() -> ErrorCode.M_UNRECOGNIZED
                        .because("no invitation waits that has that token and private_key"));
    }

    /** As Element on the web and on iOS ask. */
    @OpenToAll
    @PostMapping(path = V2, params = "token")
    JsonObject signByLink(@RequestParam MultiValueMap<String, String> query) {
        return sign(params(query));
    }

    /** As Element on Android asks. */
    @OpenToAll
    @PostMapping(V1)
    JsonObject signByLegacyLink(@RequestParam MultiValueMap<String, String> query) {
        if (!legacy.signEd25519()) {
            throw ErrorCode.M_UNRECOGNIZED.because("there is no such endpoint");
        }
        return sign(params(query));
    }

    private static Params params(MultiValueMap<String, String> query) {
        JsonObject.Builder params = JsonObject.builder();
        query.forEach((name, values) -> {
            if (values.size() != 1) {
                throw ErrorCode.M_INVALID_PARAM.because("a parameter came more than once");
            }
            params.put(name, values.getFirst());
        });
        return Params.of(params.build());
    }

    private static Parsed<SigningKey> privateKey(String text) {
        return UnpaddedBase64.decode(text)
                .flatMap(seed -> seed.length == SigningKey.SEED_BYTES
                        ? Parsed.ok(SigningKey.fromSeed(Invitations.EPHEMERAL, seed))
                        : Parsed.refused("a private key has " + SigningKey.SEED_BYTES + " bytes"));
    }
}
