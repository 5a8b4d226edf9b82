package im.signet.terms.introspection;

import im.signet.kit.token.AccessToken;
import im.signet.kit.token.TokenIntrospection;
import im.signet.kit.web.ServiceName;
import im.signet.terms.acceptance.Acceptances;
import im.signet.terms.account.Accounts;

import org.springframework.stereotype.Component;

/** Answers the services that run in the same process: a call, asked anew each time. */
@Component
final class InProcessIntrospection implements TokenIntrospection {

    private final Accounts accounts;
    private final Acceptances acceptances;

    InProcessIntrospection(Accounts accounts, Acceptances acceptances) {
        this.accounts = accounts;
        this.acceptances = acceptances;
    }

    @Override
    public Answer introspect(AccessToken token, ServiceName service) {
        return accounts.holderOf(token)
                .<Answer>map(
                        user -> new Answer.Active(user, !acceptances.outstandingFor(user, service.value()).isEmpty()))
                .orElseGet(Answer.Inactive::new);
    }
}
