package im.signet.terms.policy;

import im.signet.kit.web.OpenToAll;
import im.signet.protocol.error.ErrorCode;

import java.nio.charset.StandardCharsets;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Hands out the texts of policies byte for byte as they were published, for whoever holds a receipt against one: it has the
 * SHA-256 of these bytes.
 */
@RestController
final class PolicySourceController {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private final PublishedTexts texts;

    PolicySourceController(PublishedTexts texts) {
        this.texts = texts;
    }

    @OpenToAll
    @GetMapping(PolicyPageController.TEXT + "/source")
    ResponseEntity<byte[]> source(@PathVariable String policy, @PathVariable String version,
            @PathVariable String language) {
        return texts.find(policy, version, language)
                .map(text -> ResponseEntity.ok()
                        .contentType(TEXT)
                        .body(text.content().getBytes(StandardCharsets.UTF_8)))
                .orElseThrow(() -> ErrorCode.M_NOT_FOUND.because("no such text was published here"));
    }
}
