/**
 * Handles, and the identities that sign for them: a strict envelope ({@link im.signet.protocol.handle.Jws}), the chain of
 * an identity ({@link im.signet.protocol.handle.Identity}), the bindings of handles
 * ({@link im.signet.protocol.handle.SignedBinding}), what people compare and scan
 * ({@link im.signet.protocol.handle.Fingerprint}, {@link im.signet.protocol.handle.Card}). Pure: no clock, no I/O. The
 * protocol is {@code docs/spec/handles.md}; every refusal has its {@link im.signet.protocol.handle.Reason}.
 */
@NullMarked
package im.signet.protocol.handle;

import org.jspecify.annotations.NullMarked;
