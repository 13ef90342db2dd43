package dev.patchbay.registry;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/**
 * Time and chance, so that tests can put their own in place.
 *
 * @param scheduler where pauses and timeouts end; runs nothing else
 * @param clock wall time, for when tokens end and what {@code Retry-After} means
 * @param chance for pauses that differ
 */
record Timers(Scheduler scheduler, InstantSource clock, RandomGenerator chance) {}
