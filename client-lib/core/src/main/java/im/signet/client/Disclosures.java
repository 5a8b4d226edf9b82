package im.signet.client;

import im.signet.client.transport.Disclosure;
import im.signet.client.transport.Disclosure.Subject;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.IdentityId;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** What each call tells a server, in words. They stand together, so that they can be judged together. */
final class Disclosures {
    static final Disclosure STATUS = Disclosure.of(
            "Asks whether this is an identity server. It sees your network address, not who you are.",
            Subject.INTEREST);
    static final Disclosure TERMS = Disclosure.of(
            "Reads the terms of use. The server sees your network address, not who you are.", Subject.INTEREST);
    static final Disclosure WHO_AM_I = nothingNew("Asks which account the session belongs to.");
    static final Disclosure HASH_DETAILS = Disclosure.of(
            "Asks how to hash addresses. The server learns that you are about to look contacts up, not whom.",
            Subject.INTENTION);
    static final Disclosure KEY = nothingNew("Reads a key with which the server signs.");
    static final Disclosure WHOSE_TOKEN = nothingNew("Asks your homeserver whose access token this is.");
    static final Disclosure KEPT_ACCEPTANCE = nothingNew(
            "Reads from your homeserver which terms you have accepted so far.");
    static final Disclosure LOGOUT = nothingNew("Ends the session; the server forgets its token.");

    static final Disclosure OVERVIEW = nothingNew("Asks for a link to all that the server keeps of you.");

    private Disclosures() {}

    static Disclosure proposal(ServerName homeserver) {
        return Disclosure.of("Asks " + homeserver.host() + " which identity server it proposes. It sees your network "
                + "address, not who you are.", Subject.INTEREST);
    }

    static Disclosure homeserverSought(ServerName homeserver) {
        return Disclosure.of("Asks " + homeserver.host() + " where the homeserver " + homeserver + " is. It sees your "
                + "network address, not who you are.", Subject.INTEREST);
    }

    static Disclosure homeserverStatus(URI homeserver) {
        return Disclosure
                .of("Asks whether there is a homeserver at " + homeserver + ". It sees your network address, not"
                        + " who you are.", Subject.INTEREST);
    }

    static Disclosure openId(ServerName homeserver) {
        return Disclosure
                .of("Asks your homeserver " + homeserver + " for a token by which another server can ask it who "
                        + "you are. It learns that you are about to use such a server, not which.", Subject.INTENTION);
    }

    static Disclosure acceptanceKept(ServerName homeserver, List<AcceptedPolicy> policies) {
        return Disclosure.of("Keeps at your homeserver " + homeserver + ", for all your clients, that you accept these "
                + "terms: " + inWords(policies) + ". It learns whose terms they are.", Subject.ACCEPTANCE);
    }

    static Disclosure registration(ServerName homeserver) {
        return Disclosure.of("Tells the server which Matrix account is yours: your homeserver " + homeserver
                + " confirms it, and learns that you use this server.", Subject.ACCOUNT);
    }

    static Disclosure acceptance(List<AcceptedPolicy> policies) {
        return Disclosure.of("Tells the server that you accept its terms: " + inWords(policies) + ".",
                Subject.ACCEPTANCE);
    }

    static Disclosure contactHashes(int addresses) {
        return Disclosure.of("Sends hashes of " + addresses + (addresses == 1 ? " address" : " addresses")
                + " of your contacts. The server recognises addresses it has, and can find others by guessing, phone numbers"
                + " above all.", Subject.CONTACT_HASHES);
    }

    static Disclosure contactAddresses(int addresses) {
        return Disclosure.of("Sends " + addresses + (addresses == 1 ? " address" : " addresses")
                + " of your contacts as they are, without hashing. The server learns each of them, and that you have it.",
                Subject.CONTACT_ADDRESSES);
    }

    static Disclosure tokenRequest(Address address) {
        return Disclosure.of("Tells the server your address " + address.redacted()
                + ", to which it sends a message. Nobody can look it up so far.", Subject.INTENTION,
                Subject.OWN_ADDRESS);
    }

    static Disclosure tokenSubmission(Address address) {
        return nothingNew("Sends back the token that came to " + address.redacted() + ".");
    }

    static Disclosure proof(Address address) {
        return nothingNew("Asks whether " + address.redacted() + " is validated.");
    }

    static Disclosure binding(Address address, UserId userId) {
        return Disclosure.of("Publishes that " + address.redacted() + " belongs to " + userId
                + ": whoever has the address can find you by it.", Subject.PUBLICATION);
    }

    static Disclosure bindingThrough(ServerName homeserver, URI identityServer, Address address, UserId userId) {
        return Disclosure.of("Has your homeserver " + homeserver + " publish at " + identityServer + " that "
                + address.redacted() + " belongs to " + userId + ": whoever has the address can find you by it. Your "
                + "homeserver learns this, and is given the token of your session there, with which it could do all that "
                + "you can do at that server.", Subject.OWN_ADDRESS, Subject.SESSION_TOKEN, Subject.PUBLICATION);
    }

    static Disclosure unbindingThrough(ServerName homeserver, URI identityServer, Address address) {
        return Disclosure.of("Has your homeserver " + homeserver + " take back at " + identityServer + " that "
                + address.redacted() + " belongs to you. Both learn of the address, if they did not know it.",
                Subject.OWN_ADDRESS);
    }

    static Disclosure unbinding(Address address, UserId userId) {
        return nothingNew("Takes back that " + address.redacted() + " belongs to " + userId + ".");
    }

    static Disclosure nameserver(HandleDomain domain) {
        return Disclosure
                .of("Asks " + domain + " who keeps its handles. It sees your network address and that you take an "
                        + "interest in a handle there, not which.", Subject.INTEREST);
    }

    static Disclosure soughtHandle(Handle handle, URI nameserver) {
        return Disclosure
                .of("Asks " + nameserver.getHost() + " what " + handle + " names. It learns that somebody at your "
                        + "network address looks for this handle.", Subject.SOUGHT_HANDLE);
    }

    static Disclosure operations(IdentityId id) {
        return Disclosure.of("Reads the newest changes to the keys of the identity " + id + ". The server learns that "
                + "somebody at your network address keeps or follows this identity.", Subject.SOUGHT_HANDLE);
    }

    static Disclosure challenge() {
        return Disclosure
                .of("Asks the nameserver for a number to sign. It learns that your account is about to register a "
                        + "handle, not which.", Subject.INTENTION, Subject.ACCOUNT);
    }

    static Disclosure registration(Handle handle, boolean invited) {
        return Disclosure
                .of("Publishes that the handle " + handle + " is yours, with the public keys of your devices and all "
                        + "changes to them. The server keeps which account registered it"
                        + (invited ? ", and sees the invitation code." : "."), Subject.OWN_IDENTITY, Subject.ACCOUNT);
    }

    static Disclosure bindingUpdate(SignedBinding binding) {
        Handle handle = binding.binding().handle();
        String what = switch (binding.binding().state()) {
            case ACTIVE -> "Publishes that the handle " + handle + " is still yours.";
            case MOVED -> "Publishes that you moved from the handle " + handle + " to "
                    + binding.binding().to().map(Handle::toString).orElse("another") + ".";
            case RELEASED -> "Gives the handle " + handle + " up: it names you no longer.";
        };
        return Disclosure.of(what + " The server sees that your account asks for it.", Subject.OWN_IDENTITY,
                Subject.ACCOUNT);
    }

    static Disclosure operation(IdentityId id) {
        return Disclosure
                .of("Publishes a change to the keys of your identity " + id + ", for everybody who looks it up. The "
                        + "server sees that your account asks for it.", Subject.OWN_IDENTITY, Subject.ACCOUNT);
    }

    static Disclosure restored(IdentityId id) {
        return Disclosure.of("Shows your identity " + id
                + " to a nameserver that was restored from a backup: the public "
                + "keys of your devices, all changes to them and your handles, which it had before. The server sees that "
                + "your account asks for it.", Subject.OWN_IDENTITY, Subject.ACCOUNT);
    }

    private static String inWords(List<AcceptedPolicy> policies) {
        return policies.stream()
                .map(policy -> ShownText.of(policy.id() + " " + policy.version() + " (" + policy.language() + ")"))
                .collect(Collectors.joining(", "));
    }

    private static Disclosure nothingNew(String inWords) {
        return Disclosure.of(inWords + " Tells the server nothing new.");
    }
}
