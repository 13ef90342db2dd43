/**
 * {@code GET /metrics}: the engine's numbers, those of its event stream, and those of the process, as Prometheus reads them.
 *
 * <p>One text is made for all who ask within a second, off the event loops, and sent to each as it takes it: what slow
 * readers cost is bounded, and none has longer than {@link dev.patchbay.web.metrics.PacedText#LIMIT}.
 */
@NullMarked
package dev.patchbay.web.metrics;

import org.jspecify.annotations.NullMarked;
