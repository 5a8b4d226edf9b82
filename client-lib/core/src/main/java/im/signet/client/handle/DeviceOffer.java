package im.signet.client.handle;

import im.signet.protocol.Parsed;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.util.Optional;

/**
 * What a device of an identity answers to a {@link DeviceRequest}: the chain, and the operation that adds the new device,
 * which the new device has to sign as well before it means anything. No secret. Show the user of the new device whose identity
 * it is before {@link OwnIdentity#join}.
 */
public final class DeviceOffer {
    private static final int VERSION = 1;

    private final Chain chain;
    private final Jws operation;

    DeviceOffer(Chain chain, Jws operation) {
        this.chain = chain;
        this.operation = operation;
    }

    /** Returns the offer that {@code text} is. */
    public static Parsed<DeviceOffer> parse(String text) {
        return StrictJson.parseObject(text, Evidence.LIMITS).flatMap(json -> {
            Optional<Chain> chain = json.get("identity").flatMap(value -> Chain.parse(value).toOptional());
            Optional<Jws> operation = json.get("operation")
                    .flatMap(value -> Jws.of(value).toOptional())
                    .filter(jws -> Operation.read(jws).isValid());
            boolean whole = json.integer("v").equals(Optional.of((long) VERSION)) && json.members().size() == 3;
            return whole && chain.isPresent() && operation.isPresent()
                    ? Parsed.ok(new DeviceOffer(chain.get(), operation.get()))
                    : Parsed.refused("this is no offer to a device");
        });
    }

    /** Returns the identity as it is before the new device is added. */
    public Chain chain() {
        return chain;
    }

    Jws operation() {
        return operation;
    }

    /** Returns the offer as text; {@link #parse} gives it back. */
    public String toText() {
        return StrictJson.write(JsonObject.builder()
                .put("v", VERSION)
                .put("identity", chain.toJson())
                .put("operation", operation.toJson())
                .build());
    }

    @Override
    public String toString() {
        return "DeviceOffer[" + chain.identity().id() + "]";
    }
}
