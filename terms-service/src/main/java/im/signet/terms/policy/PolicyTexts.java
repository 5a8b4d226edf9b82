package im.signet.terms.policy;

import java.time.Instant;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The texts that were ever published; none is changed or deleted. */
interface PolicyTexts extends Repository<PolicyText, String> {

    @Modifying
    @Query("""
            INSERT INTO terms.policy_text (policy, version, language, name, content, published_at)
            VALUES (:policy, :version, :language, :name, :content, :publishedAt)
            ON CONFLICT DO NOTHING""")
    void addIfNew(String policy, String version, String language, String name, String content, Instant publishedAt);

    @Query("""
            SELECT * FROM terms.policy_text
            WHERE policy = :policy AND version = :version AND language = :language""")
    Optional<PolicyText> find(String policy, String version, String language);

    /** Returns the text that is published under this version and language: the given one, unless another was before. */
    default PolicyText publish(String policy, String version, String language, String name, String content,
            Instant publishedAt) {
        addIfNew(policy, version, language, name, content, publishedAt);
        return find(policy, version, language).orElseThrow();
    }
}
