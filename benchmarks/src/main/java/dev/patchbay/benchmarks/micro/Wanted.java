package dev.patchbay.benchmarks.micro;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What was promised of a way: so many a second, and ahead of the way that it is {@link Beside}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Wanted {
    /** As many operations a second, at least. */
    double atLeast();

    /** From so many threads. */
    int threads();
}
