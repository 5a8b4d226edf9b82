package im.signet.identity.validation;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.block.BlockedAddresses;
import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.limit.Limits;
import im.signet.kit.metric.Tally;
import im.signet.kit.page.Audience;
import im.signet.kit.settings.SignetProperties;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.SessionId;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.signature.UnpaddedBase64;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Lets a user prove to own an address: a token is sent there, and comes back with the session's secret. A proof publishes
 * nothing.
 */
@Service
public class Validation {

    private static final Logger log = LoggerFactory.getLogger(Validation.class);
    private static final Tally.ByBoth<Medium, Step> VALIDATIONS = Tally.by("signet.validations",
            "Steps of validations", "medium", Medium.class, "step", Step.class);
    private static final int SID_BYTES = 24;
    private static final int TOKEN_BYTES = 24;
    private static final int CODES = 1_000_000;

    private final ValidationSessions sessions;
    private final AddressesAtRest atRest;
    private final TokensAtRest tokens;
    private final BlockedAddresses blocked;
    private final Map<Medium, TokenMessenger> messengers;
    private final ValidationProperties settings;
    private final ValidationLimits sending;
    private final Limits limits;
    private final SignetProperties signet;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final SecureRandom random;

    @SuppressWarnings("TooManyParameters") // what it works with
    Validation(ValidationSessions sessions, AddressesAtRest atRest, TokensAtRest tokens, BlockedAddresses blocked,
            List<TokenMessenger> messengers, ValidationProperties settings, ValidationLimits sending,
            @Qualifier("identityLimits") Limits limits, SignetProperties signet, ApplicationEventPublisher events,
            Clock clock, SecureRandom random) {
        this.sessions = sessions;
        this.atRest = atRest;
        this.tokens = tokens;
        this.blocked = blocked;
        this.messengers = messengers.stream()
                .collect(Collectors.toMap(TokenMessenger::medium, Function.identity()));
        this.settings = settings;
        this.sending = sending;
        this.limits = limits;
        this.signet = signet;
        this.events = events;
        this.clock = clock;
        this.random = random;
    }

    /** How far a validation came. */
    private enum Step {
        /** A session was begun. */
        BEGUN,
        /** A message with a token was put on its way. */
        SENT,
        /** A wrong token was submitted. */
        WRONG_TOKEN,
        /** The right one was. */
        CONFIRMED,
        /** The owner of the address said that it was not them. */
        DISOWNED
    }

    /** What came of asking for a token. */
    sealed interface Request {

        /** The session; a token is on its way, unless this attempt was not a new one or the address had its share. */
        record Begun(SessionId sid) implements Request {}

        /** No message to that address can be sent: that is not set up, or too many wait already. */
        record CannotSend() implements Request {}

        /** The operator lets no message be sent to that address. */
        record OutOfReach() implements Request {}
    }

    /**
     * What a user asks a token for.
     *
     * @param typed       the address as it was typed, but in lower case
     * @param sendAttempt a message is sent only when this is greater than at every attempt before
     * @param nextLink    where the client wants the user to be sent on to; an http or https URL, or null
     * @param discoverable whether the user wants to be found by the address once it is bound
     */
    record Wish(UserId user, ClientSecret secret, Address address, String typed, long sendAttempt,
            @Nullable URI nextLink, boolean discoverable) {

        @Override
        public String toString() {
            return "Wish[" + user + "]";
        }
    }

    /**
     * Begins a session, or goes on with the one of the same user, address and secret, and sends its reader a token. Throws
     * M_LIMIT_EXCEEDED, and changes nothing, when this account had so many sent already.
     */
    @Transactional
    Request requestToken(Wish wish, Audience audience) {
        TokenMessenger messenger = messengers.get(wish.address().medium());
        if (messenger == null || !messenger.canSend(wish.address())) {
            return new Request.CannotSend();
        }
        if (!messenger.reaches(wish.address()) || blocked.containRangeOf(wish.address())) {
            return new Request.OutOfReach();
        }
        Instant now = now();
        byte[] secretHash = hash(wish.secret().value());
        Optional<ValidationSession> known = sessions.lockByProof(atRest.hashesOf(wish.address()), secretHash,
                wish.user().value());
        if (known.isPresent() && isOver(known.get(), now)) {
            sessions.delete(known.get().sid());
            known = Optional.empty();
        }
        if (known.isPresent()) {
            return again(known.get(), wish, messenger, audience, now);
        }
        String sid = randomText(SID_BYTES);
        AddressesAtRest.Columns columns = atRest.store(wish.address());
        int added = sessions.addIfNew(sid, wish.user().value(), secretHash, columns.sealed(), columns.hash(),
                columns.key(), wish.typed().equals(wish.address().value()) ? null : atRest.sealSpelling(wish.typed()),
                text(wish.nextLink()), wish.sendAttempt(), wish.discoverable(),
                now);
        if (added == 0) {
            // The same request came twice at once, and the other one was first.
            return again(sessions.lockByProof(atRest.hashesOf(wish.address()), secretHash, wish.user().value())
                    .orElseThrow(), wish, messenger, audience, now);
        }
        send(sid, wish, messenger, audience, now);
        VALIDATIONS.add(wish.address().medium(), Step.BEGUN);
        return new Request.Begun(new SessionId(sid));
    }

    // A greater attempt is a new wish: a user who says now that they do not want to be found is not found.
    private Request again(ValidationSession session, Wish wish, TokenMessenger messenger, Audience audience,
            Instant now) {
        if (wish.sendAttempt() > session.sendAttempt()) {
            sessions.setWish(session.sid(), wish.sendAttempt(), text(wish.nextLink()), wish.discoverable());
            if (session.validatedAt() == null) {
                send(session.sid(), wish, messenger, audience, now);
            }
        }
        return new Request.Begun(new SessionId(session.sid()));
    }

    private void send(String sid, Wish wish, TokenMessenger messenger, Audience audience, Instant now) {
        limits.take(sending.ofTheAccount(wish.user(), wish.address()));
        if (!limits.tryTake(sending.ofTheAddress(wish.address()))) {
            // What others asked for is nobody's business: to this account it looks as if the message were on its way.
            log.info("a message with a token was not sent: its address had its share of them");
            return;
        }
        if (blocked.contain(wish.address())) {
            // Nor is it anybody's business that somebody had the operator block their address.
            log.info("a message with a token was not sent: its address is blocked");
            return;
        }
        String token = messenger.codeLifetime().isPresent() ? randomCode() : randomText(TOKEN_BYTES);
        Instant expiresAt = now.plus(messenger.codeLifetime().orElse(settings.sessionLifetime()));
        sessions.addToken(sid, tokens.store(sid, token), now, expiresAt);
        String link = signet.publicUrlOf("/_matrix/identity/v2/validate/" + wish.address().medium().wireName()
                + "/submitToken?sid=" + encoded(sid) + "&client_secret=" + encoded(wish.secret().value()) + "&token="
                + encoded(token));
        messenger.send(wish.address(), wish.user(), token, audience.branded(link), audience, expiresAt);
        VALIDATIONS.add(wish.address().medium(), Step.SENT);
    }

    /** Submits a token. The right one may come again and again (mail scanners follow links); wrong ones are counted. */
    @Transactional
    TokenCheck submit(SessionId sid, ClientSecret secret, String token) {
        Instant now = now();
        Optional<ValidationSession> found = sessions.lockBySecret(sid.value(), hash(secret.value()));
        if (found.isEmpty()) {
            return new TokenCheck.UnknownSession();
        }
        ValidationSession session = found.get();
        if (session.isExpiredAt(now, settings.sessionLifetime())) {
            return new TokenCheck.Expired(session.user());
        }
        if (session.isClosed(settings.maxAttempts())) {
            return closed(session);
        }
        Collection<byte[]> hashes = tokens.hashesOf(session.sid(), token);
        if (!sessions.hasToken(session.sid(), hashes)) {
            sessions.countWrongToken(session.sid());
            count(session, Step.WRONG_TOKEN);
            return new TokenCheck.WrongToken(session.user());
        }
        Instant validatedAt = session.validatedAt();
        if (validatedAt == null) {
            if (!sessions.hasLiveToken(session.sid(), hashes, now)
                    || blocked.contain(atRest.open(session.addressSealed()))) {
                return new TokenCheck.Expired(session.user());
            }
            sessions.setValidated(session.sid(), now);
            count(session, Step.CONFIRMED);
            return new TokenCheck.Validated(session.user(), now, true, allowedNextLink(session));
        }
        return new TokenCheck.Validated(session.user(), validatedAt, false, allowedNextLink(session));
    }

    /**
     * Closes a session for good: the owner of the address says that it was not them. Takes back a validation, too, and what
     * was bound by it.
     */
    @Transactional
    TokenCheck disown(SessionId sid, ClientSecret secret, String token) {
        Optional<ValidationSession> found = sessions.lockBySecret(sid.value(), hash(secret.value()));
        if (found.isEmpty()) {
            return new TokenCheck.UnknownSession();
        }
        ValidationSession session = found.get();
        if (session.isClosed(settings.maxAttempts())) {
            return closed(session);
        }
        if (session.isExpiredAt(now(), settings.sessionLifetime())) {
            return new TokenCheck.Expired(session.user());
        }
        if (!sessions.hasToken(session.sid(), tokens.hashesOf(session.sid(), token))) {
            sessions.countWrongToken(session.sid());
            count(session, Step.WRONG_TOKEN);
            return new TokenCheck.WrongToken(session.user());
        }
        sessions.setDisowned(session.sid(), now());
        count(session, Step.DISOWNED);
        Instant validatedAt = session.validatedAt();
        if (validatedAt != null) {
            events.publishEvent(new ProofDisowned(session.user(), atRest.open(session.addressSealed()), validatedAt));
        }
        return new TokenCheck.Disowned(session.user());
    }

    private void count(ValidationSession session, Step step) {
        VALIDATIONS.add(atRest.open(session.addressSealed()).medium(), step);
    }

    private static TokenCheck closed(ValidationSession session) {
        return session.disownedAt() == null
                ? new TokenCheck.TooManyTries(session.user())
                : new TokenCheck.Disowned(session.user());
    }

    /** What a page shows of a session; looking changes nothing. */
    sealed interface Look {

        /** The session waits for its token. */
        record Open(UserId asker, Address address) implements Look {}

        /** The address is proven already. */
        record Done(UserId asker, Optional<URI> nextLink) implements Look {}

        /** The session has run out. */
        record Expired(UserId asker) implements Look {}

        /** Too many wrong tokens closed the session. */
        record TooManyTries(UserId asker) implements Look {}

        /** The owner of the address closed the session. */
        record Disowned(UserId asker) implements Look {}

        /** No session has that sid and secret. */
        record Unknown() implements Look {}
    }

    /**
     * Returns what may be shown to whoever knows a session's secret: its client, and who has the message. The token is not
     * looked at, as to say whether it is right would let it be guessed here without being counted.
     */
    Look look(SessionId sid, ClientSecret secret) {
        return sessions.findBySecret(sid.value(), hash(secret.value())).<Look>map(session -> {
            if (session.isExpiredAt(now(), settings.sessionLifetime())) {
                return new Look.Expired(session.user());
            }
            if (session.isClosed(settings.maxAttempts())) {
                return session.disownedAt() == null
                        ? new Look.TooManyTries(session.user())
                        : new Look.Disowned(session.user());
            }
            return session.validatedAt() == null
                    ? new Look.Open(session.user(), atRest.open(session.addressSealed()))
                    : new Look.Done(session.user(), allowedNextLink(session));
        }).orElseGet(Look.Unknown::new);
    }

    /** Returns what a session proves for this user; for anybody else it does not exist. Blocked addresses are not proven. */
    public Proof provenBy(SessionId sid, ClientSecret secret, UserId user) {
        return sessions.findBySecret(sid.value(), hash(secret.value()))
                .filter(session -> session.user().equals(user))
                .map(this::proof)
                .map(proof -> proof instanceof Proof.Proven proven && blocked.contain(proven.address())
                        ? new Proof.Expired()
                        : proof)
                .orElseGet(Proof.NoSession::new);
    }

    /**
     * Returns what a session proves for this user, and keeps it so until the running transaction ends: nobody disowns the
     * session meanwhile. Whoever locks an address as well locks the session first.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Proof lockedProof(SessionId sid, ClientSecret secret, UserId user) {
        return sessions.lockBySecret(sid.value(), hash(secret.value()))
                .filter(session -> session.user().equals(user))
                .map(this::proof)
                .orElseGet(Proof.NoSession::new);
    }

    /**
     * Returns what a session proves, whoever's it is, and keeps it so until the running transaction ends. For unbinding,
     * where the sid and the secret alone stand for the owner of an address: a homeserver passes them on without a token, and
     * who owns the address now need not be who has it bound.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Proof lockedProof(SessionId sid, ClientSecret secret) {
        return sessions.lockBySecret(sid.value(), hash(secret.value()))
                .map(this::proof)
                .orElseGet(Proof.NoSession::new);
    }

    /** Returns the time before which no proof can be used any more. */
    public Instant oldestUsableProof() {
        return now().minus(settings.sessionLifetime());
    }

    private Proof proof(ValidationSession session) {
        if (isOver(session, now())) {
            return new Proof.Expired();
        }
        if (session.validatedAt() == null) {
            return new Proof.NotValidated();
        }
        Address address = atRest.open(session.addressSealed());
        Set<String> spellings = new HashSet<>(Set.of(address.value()));
        if (session.typedSealed() != null) {
            spellings.add(atRest.openSpelling(session.typedSealed()));
        }
        return new Proof.Proven(session.user(), address, Set.copyOf(spellings), session.validatedAt(),
                session.discoverable());
    }

    /** Ends the sessions of a user that were begun before an instant; those validated at that instant or later stay. */
    @Transactional
    public void endSessions(UserId user, Instant before) {
        sessions.deleteOf(user.value(), before);
    }

    /** Returns whether messages to that address can be sent, as far as the operator's settings go. */
    public boolean reaches(Address address) {
        TokenMessenger messenger = messengers.get(address.medium());
        return messenger != null && messenger.isSetUp() && messenger.reaches(address) && !blocked.contain(address);
    }

    /**
     * Sends the owner of an address, which is bound to the user, a link by which they confirm that the user's time here ends.
     *
     * @return whether it is on its way: false when no message can be sent there now, or too many were
     */
    @Transactional
    public boolean sendConfirmation(UserId user, Address address, ConfirmationLink link) {
        TokenMessenger messenger = messengers.get(address.medium());
        if (messenger == null || !messenger.canSend(address) || !messenger.reaches(address)
                || blocked.contain(address) || !limits.tryTake(sending.ofTheAccount(user, address))
                || !limits.tryTake(sending.ofTheAddress(address))) {
            return false;
        }
        messenger.sendConfirmation(address, user, link, clock.instant().plus(link.life()));
        return true;
    }

    /** Deletes sessions that have been of no use for a day; until then their pages can still say that they ran out. */
    @Transactional
    public void deleteOld() {
        sessions.deleteModifiedBefore(now().minus(settings.sessionLifetime()).minus(1, ChronoUnit.DAYS));
    }

    private boolean isOver(ValidationSession session, Instant now) {
        return session.isExpiredAt(now, settings.sessionLifetime()) || session.isClosed(settings.maxAttempts());
    }

    private Optional<URI> allowedNextLink(ValidationSession session) {
        return Optional.ofNullable(session.nextLink())
                .map(URI::create)
                .filter(next -> settings.nextLinkHosts().stream().anyMatch(next.getHost()::equalsIgnoreCase));
    }

    // PostgreSQL keeps microseconds and the API milliseconds: what is answered now and what is read later are the same.
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private String randomCode() {
        return String.format(Locale.ROOT, "%06d", random.nextInt(CODES));
    }

    private String randomText(int bytes) {
        byte[] chosen = new byte[bytes];
        random.nextBytes(chosen);
        return UnpaddedBase64.encodeUrl(chosen);
    }

    private static @Nullable String text(@Nullable URI url) {
        return url == null ? null : url.toString();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
