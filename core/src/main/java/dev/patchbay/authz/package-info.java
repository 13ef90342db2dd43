/**
 * Authorization plugins: they are asked about each request to the daemon before it is carried out, and about its answer before
 * that is given. All of them must agree.
 *
 * <p>What lives here: {@link dev.patchbay.authz.AuthzChain}, which knows whom to ask, and
 * {@link dev.patchbay.authz.AuthzRound}, which asks them about one request; what they are told, in Docker's wire format, and
 * what of a request they never see ({@link dev.patchbay.authz.Shown}). What must not: HTTP, and what becomes of a request
 * that is denied.
 *
 * <p>{@code AuthzRules} and {@code Shown} know no clock, no Reactor and no plugin.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="authz"}
 */
@NullMarked
package dev.patchbay.authz;

import org.jspecify.annotations.NullMarked;
