/// What the settings are and whether they are right: the catalog that the records make of themselves, the reference and
/// the
/// schema made of it, `config check`, `config print`, and `upgrade check`.
@NullMarked
package im.signet.standalone.config;

import org.jspecify.annotations.NullMarked;
