/**
 * What an engine and its plugins have done, in numbers, for whoever watches over them.
 *
 * <p>What lives here: {@link dev.patchbay.metrics.Metric}, the one table of names, units and tags;
 * {@link dev.patchbay.metrics.Reading}, a value; and their text for Prometheus. No library is needed for any of it:
 * {@link dev.patchbay.metrics.micrometer} binds the same to Micrometer, where a host has that.
 *
 * <pre>{@code
 * String text = PrometheusText.of(plugins.metrics());
 * }</pre>
 */
@NullMarked
package dev.patchbay.metrics;

import org.jspecify.annotations.NullMarked;
