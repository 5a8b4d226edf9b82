package im.signet.kit.database;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which PostgreSQL holds the data.
 *
 * @param url
 *            the database as a JDBC URL, `jdbc:postgresql://host:5432/signet`; without it Signet starts a PostgreSQL of
 *            its own in the data folder
 * @param username
 *            the role to log in as; only together with a url
 * @param password
 *            the password of the role; only together with a url
 * @param poolSize
 *            connections that this process holds open at most
 * @param acceptDataLoss
 *            start even where the database runs with `fsync`, `synchronous_commit` or `full_page_writes` off, so that a
 *            crash may lose what was already acknowledged
 */
@Validated
@ConfigurationProperties("signet.database")
record DatabaseProperties(@Nullable String url, @Nullable String username, @Nullable String password,
        @DefaultValue("16") @Min(MIN_POOL_SIZE) @Max(1000) int poolSize,
        @DefaultValue("false") boolean acceptDataLoss) {

    /** A migration alone holds three connections at a time: its lock, its history and its work. */
    static final int MIN_POOL_SIZE = 4;

    /** Hides the password, which a URL may carry as well. */
    @Override
    public String toString() {
        return "DatabaseProperties[given=" + (url != null) + ", poolSize=" + poolSize + ", acceptDataLoss="
                + acceptDataLoss + "]";
    }
}
