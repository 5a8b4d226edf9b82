package im.signet.identity.version;

import im.signet.kit.web.OpenToAll;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells that an identity server is here, and which versions of the specification it follows. */
@RestController
final class VersionController {

    // v1.20 is not released; everything since v1 of this API left the specification with v1.1.
    private static final List<String> VERSIONS = List.of("v1.18", "v1.19");

    @OpenToAll
    @GetMapping("/_matrix/identity/versions")
    JsonObject versions() {
        return JsonObject.builder().put("versions", JsonArray.ofStrings(VERSIONS)).build();
    }

    @OpenToAll
    @GetMapping("/_matrix/identity/v2")
    JsonObject ping() {
        return JsonObject.of();
    }
}
