/// What services keep of users, asked over HTTP where they run apart from the terms-service; `docs/spec/holdings.md`
/// has
/// the requests.
@NullMarked
package im.signet.kit.holding.remote;

import org.jspecify.annotations.NullMarked;
