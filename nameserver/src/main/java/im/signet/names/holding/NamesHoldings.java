package im.signet.names.holding;

import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holding;
import im.signet.kit.holding.Holdings;
import im.signet.names.handle.HandleLife;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.springframework.stereotype.Component;

/** The handles that a user's account registered. No link can be sent to one. */
@Component
final class NamesHoldings implements Holdings {

    private static final int ID_BYTES = 16;

    private final HandleLife handles;

    NamesHoldings(HandleLife handles) {
        this.handles = handles;
    }

    @Override
    public String service() {
        return "names";
    }

    @Override
    public List<Holding> of(UserId user) {
        return handles.of(user)
                .stream()
                .map(handle -> new Holding(id(handle.handle()), "handle", handle.handle().toString(), false,
                        handle.registeredAt()))
                .toList();
    }

    @Override
    public boolean send(UserId user, String id, ConfirmationLink link) {
        return false;
    }

    @Override
    public void end(UserId user, Ending ending, Instant before) {
        switch (ending) {
            case WITHDRAWN -> handles.withdraw(user, before);
            case ERASED -> handles.erase(user, before);
        }
    }

    // Handles are public: a hash of one needs to hide nothing.
    private static String id(Handle handle) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(handle.toString().getBytes(StandardCharsets.UTF_8));
            return UnpaddedBase64.encodeUrl(Arrays.copyOf(hash, ID_BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
