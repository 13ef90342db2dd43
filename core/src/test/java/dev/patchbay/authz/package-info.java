/** Tests of authorization: rules as tables, and the chain with a real engine and plugins that do as they are told. */
@NullMarked
package dev.patchbay.authz;

import org.jspecify.annotations.NullMarked;
