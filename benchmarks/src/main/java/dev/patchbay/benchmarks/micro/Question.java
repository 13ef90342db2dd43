package dev.patchbay.benchmarks.micro;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a benchmark answers, as reports show it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Question {
    /** The question. */
    String value();

    /** With how many threads it is asked, one measurement for each. */
    int[] threads() default 1;
}
