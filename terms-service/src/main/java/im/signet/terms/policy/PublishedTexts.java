package im.signet.terms.policy;

import im.signet.kit.settings.SignetProperties;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

import org.springframework.stereotype.Component;

/** The texts of policies that this server itself published, as others may ask for them. */
@Component
public final class PublishedTexts {

    private final PolicyTexts texts;
    private final SignetProperties signet;

    PublishedTexts(PolicyTexts texts, SignetProperties signet) {
        this.texts = texts;
        this.signet = signet;
    }

    /**
     * A text as it was published.
     *
     * @param content exactly what the operator's file held
     */
    public record Text(String content) {

        /** Returns the SHA-256 of the text in UTF-8, 64 hexadecimal digits in lower case. */
        public String sha256() {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(content.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** Returns the text that has this URL; empty where it is not one of this server's: what stands there, it cannot know. */
    public Optional<Text> at(String url) {
        String base = signet.publicUrlOf(PolicyPageController.PATH);
        if (!url.startsWith(base)) {
            return Optional.empty();
        }
        String[] parts = url.substring(base.length()).split("/", -1);
        return parts.length == 3 ? find(parts[0], parts[1], parts[2]) : Optional.empty();
    }

    /** Returns a text; empty when none was published under that policy, version and language. */
    Optional<Text> find(String policy, String version, String language) {
        return texts.find(policy, version, language).map(text -> new Text(text.content()));
    }
}
