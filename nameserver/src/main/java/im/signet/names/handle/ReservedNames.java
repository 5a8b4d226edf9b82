package im.signet.names.handle;

import im.signet.names.setting.NamesProperties;
import im.signet.protocol.handle.Handle;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.stereotype.Component;

/** Local parts that would speak for the domain: nobody gets them, nor what looks like them. */
@Component
public final class ReservedNames {

    // RFC 2142.
    private static final List<String> MAILBOXES = List.of("abuse", "ftp", "hostmaster", "info", "marketing", "news",
            "noc", "postmaster", "sales", "security", "support", "usenet", "uucp", "webmaster", "www");
    private static final List<String> OFFICES = List.of("account", "accounts", "admin", "administrator", "admins",
            "anonymous", "api", "autoconfig", "autodiscover", "billing", "bot", "contact", "everyone", "feedback",
            "help", "helpdesk", "homeserver", "hostname", "id", "identity", "legal", "localhost", "mailer-daemon",
            "matrix", "mod", "moderator", "moderators", "mta-sts", "nameserver", "nobody", "noreply", "no-reply",
            "notification", "notifications", "ns", "ns1", "ns2", "office", "official", "operator", "owner", "payments",
            "press", "privacy", "register", "root", "server", "service", "signet", "ssladmin", "ssladministrator",
            "sslwebmaster", "staff", "status", "sysadmin", "sysop", "system", "team", "terms", "test", "verified",
            "verify", "well-known", "wpad");

    private final Set<Fold> folds;

    ReservedNames(NamesProperties names) {
        this.folds = Stream.of(MAILBOXES, OFFICES, names.reserved())
                .flatMap(List::stream)
                .map(Fold::ofLocalPart)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether nobody gets that handle. */
    public boolean contains(Handle handle) {
        return folds.contains(Fold.of(handle));
    }
}
