/**
 * JMH benchmarks of what runs in one process without containers, each beside what a user would take instead. What is
 * public here is so because JMH asks for it.
 */
@NullMarked
package dev.patchbay.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
