package im.signet.terms.policy;

import java.time.Instant;

import org.springframework.data.relational.core.mapping.Table;

/** A text that this server published: one language of one version of one policy. */
@Table(schema = "terms", name = "policy_text")
record PolicyText(String policy, String version, String language, String name, PolicyFormat format, String content,
        Instant publishedAt) {}
