/**
 * A Spring Boot application that embeds the engine: {@link dev.patchbay.examples.spring.SpringHost} opens it, the controller
 * calls plugins and streams their events, health and metrics are Actuator's.
 */
@NullMarked
package dev.patchbay.examples.spring;

import org.jspecify.annotations.NullMarked;
