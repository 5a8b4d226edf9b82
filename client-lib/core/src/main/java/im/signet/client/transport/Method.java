package im.signet.client.transport;

/** The HTTP methods that this library uses. */
public enum Method {
    /** Reads. */
    GET,
    /** Does something, with a body or without one. */
    POST,
    /** Puts a record where it belongs: the same again changes nothing. */
    PUT
}
