/**
 * Certificates and keys in PEM files, as OpenSSL writes them.
 *
 * <p>What lives here: {@link dev.patchbay.pem.PemFile}. What must not: whom they are shown to, and who is trusted.
 *
 * <p>Public for Patchbay's own modules only.
 */
@NullMarked
package dev.patchbay.pem;

import org.jspecify.annotations.NullMarked;
