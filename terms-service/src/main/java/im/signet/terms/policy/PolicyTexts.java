package im.signet.terms.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The texts that were ever published; none is changed or deleted. */
interface PolicyTexts extends Repository<PolicyText, String> {

    @Modifying
    @Query("""
            INSERT INTO terms.policy_text (policy, version, language, name, format, content, published_at)
            VALUES (:policy, :version, :language, :name, :format, :content, :publishedAt)
            ON CONFLICT DO NOTHING""")
    void addIfNew(String policy, String version, String language, String name, PolicyFormat format, String content,
            Instant publishedAt);

    @Query("""
            SELECT * FROM terms.policy_text
            WHERE policy = :policy AND version = :version AND language = :language""")
    Optional<PolicyText> find(String policy, String version, String language);

    /** Returns the languages that a version was published in, always in the same order. */
    @Query("""
            SELECT language FROM terms.policy_text
            WHERE policy = :policy AND version = :version
            ORDER BY language COLLATE "C\"""")
    List<String> findLanguages(String policy, String version);

    /** Returns the text that is published under its version and language: the given one, unless another was before. */
    default PolicyText publish(PolicyText text) {
        addIfNew(text.policy(), text.version(), text.language(), text.name(), text.format(), text.content(),
                text.publishedAt());
        return find(text.policy(), text.version(), text.language()).orElseThrow();
    }
}
