package im.signet.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One of the documents that make up a server's terms.
 *
 * @param id      its name on the server, such as {@code privacy_policy}
 * @param version its version, an opaque text
 * @param texts   the same document in one or more languages, in the server's order; the list cannot be changed
 */
public record Policy(String id, String version, List<PolicyText> texts) {
    /** Keeps a copy of {@code texts}. */
    public Policy {
        texts = Collections.unmodifiableList(new ArrayList<>(texts));
    }

    /** Returns the document in that language; empty when the server does not offer it so. */
    public Optional<PolicyText> text(String language) {
        return texts.stream().filter(text -> text.language().equals(language)).findFirst();
    }
}
