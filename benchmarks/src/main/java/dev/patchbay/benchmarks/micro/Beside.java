package dev.patchbay.benchmarks.micro;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** That a way is ours, and beside which other way of its class it is to be seen: what a user would take instead. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Beside {
    /** The method of the other way. */
    String value();
}
