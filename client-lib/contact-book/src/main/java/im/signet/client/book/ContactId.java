package im.signet.client.book;

/**
 * The number of a contact in the contact book of this device; it means nothing elsewhere and is not used again.
 *
 * @param value the number
 */
public record ContactId(long value) {}
