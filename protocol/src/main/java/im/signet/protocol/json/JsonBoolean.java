package im.signet.protocol.json;

/** The JSON values {@code true} and {@code false}. */
public record JsonBoolean(boolean value) implements Json {}
