/**
 * Image references and digests: their grammar, normal form and familiar form, as Docker's clients and engines read them.
 *
 * <p>Pure values. No I/O, no Reactor, no clock, and nothing about plugins or registries: a reference is only a name.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="registry"}
 */
@NullMarked
package dev.patchbay.reference;

import org.jspecify.annotations.NullMarked;
