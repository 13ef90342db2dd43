/**
 * What every test run has: a watch over what Reactor drops and over threads that outlive their test, and what BlockHound is to
 * let pass of Netty's. Registered by itself in each module that has core's test-jar on its test class path. Beside them, rules of
 * architecture and small tools that several modules' tests use.
 */
@NullMarked
package dev.patchbay.testing;

import org.jspecify.annotations.NullMarked;
