package im.signet.identity.key;

import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.VerifyKey;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The endpoints below `/pubkey` that are about long-term keys.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#key-management">Key management</a>
@RestController
@RequestMapping("/_matrix/identity/v2/pubkey")
final class KeyController {

    private static final int MAX_KEY = 255;

    private final SigningKeys keys;

    KeyController(SigningKeys keys) {
        this.keys = keys;
    }

    @OpenToAll
    @GetMapping("/{keyId}")
    JsonObject publicKey(@PathVariable String keyId) {
        return KeyId.parse(keyId)
                .toOptional()
                .flatMap(keys::publicKey)
                .map(key -> JsonObject.builder().put("public_key", key.encoded()).build())
                .orElseThrow(() -> ErrorCode.M_NOT_FOUND.because("this server has no key of that id"));
    }

    @OpenToAll
    @GetMapping("/isvalid")
    JsonObject isValid(Params params) {
        boolean valid = VerifyKey.parse(params.string("public_key", MAX_KEY))
                .toOptional()
                .filter(keys::isOurs)
                .isPresent();
        return JsonObject.builder().put("valid", valid).build();
    }
}
