/**
 * What all measurements share: durations and the tables of them, the machine, private folders, the daemons, engines and
 * programs that are measured, and ways to talk to them. Public for the other packages of this module, and for nobody
 * else.
 *
 * <p>What does not belong here: anything that knows what a run asks.
 */
@NullMarked
package dev.patchbay.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
