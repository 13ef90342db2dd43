/**
 * What stress tests share. They themselves lie in the packages of what they stress, which is theirs alone; each has two actors,
 * so that two processors are enough to run them at the same time.
 */
@NullMarked
package dev.patchbay.stress;

import org.jspecify.annotations.NullMarked;
