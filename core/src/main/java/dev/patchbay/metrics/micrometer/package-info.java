/**
 * The engine's numbers for Micrometer. The only place that knows {@code io.micrometer:micrometer-core}, which is an optional
 * dependency: a host that uses this has it on its class path, any other needs none.
 *
 * <pre>{@code
 * var metrics = new PatchbayMetrics(plugins);
 * metrics.bindTo(registry);
 * }</pre>
 */
@NullMarked
package dev.patchbay.metrics.micrometer;

import org.jspecify.annotations.NullMarked;
