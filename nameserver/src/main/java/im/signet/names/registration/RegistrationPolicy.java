package im.signet.names.registration;

import im.signet.names.handle.ReservedNames;
import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.names.setting.NamesProperties;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.identifier.UserId;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.springframework.stereotype.Component;

/** Whom the operator lets have which handle. */
@Component
final class RegistrationPolicy {

    private final NamesProperties names;
    private final ReservedNames reserved;
    private final InviteCodes invites;

    RegistrationPolicy(NamesProperties names, ReservedNames reserved, InviteCodes invites) {
        this.names = names;
        this.reserved = reserved;
        this.invites = invites;
    }

    /** Throws a {@link Problem} when that account may not have the handle. */
    void check(Handle handle, UserId account, Optional<String> invite) {
        if (reserved.contains(handle)) {
            throw Problem.of(ProblemCode.HANDLE_RESERVED);
        }
        switch (names.registration()) {
            case OPEN -> {
                // Everybody.
            }
            case HOMESERVER -> {
                if (!isCalledLike(handle, account)) {
                    throw Problem.of(ProblemCode.NOT_ALLOWED);
                }
            }
            case INVITE -> {
                if (invite.filter(invites::isOpen).isEmpty()) {
                    throw Problem.of(ProblemCode.UNKNOWN_INVITE);
                }
            }
        }
    }

    /** Uses up what the policy asks for, as part of the running transaction. */
    void use(Optional<String> invite) {
        if (names.registration() == NamesProperties.Policy.INVITE && invite.filter(invites::use).isEmpty()) {
            throw Problem.of(ProblemCode.UNKNOWN_INVITE);
        }
    }

    private boolean isCalledLike(Handle handle, UserId account) {
        List<String> homeservers = names.homeservers().isEmpty()
                ? List.of(handle.domain().value())
                : names.homeservers();
        String server = account.serverName().value().toLowerCase(Locale.ROOT);
        return account.value().startsWith("@" + handle.localPart() + ":")
                && homeservers.stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).equals(server));
    }
}
