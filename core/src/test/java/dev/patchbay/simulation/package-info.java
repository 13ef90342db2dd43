/** Worlds around a real engine that one seed decides; see {@code EngineSimulationTest}. No threads, clocks or files. */
@NullMarked
package dev.patchbay.simulation;

import org.jspecify.annotations.NullMarked;
