package dev.patchbay.benchmarks.measure;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which samples are the better ones. */
public enum Better {
    /** Those of times and of memory. */
    @JsonProperty("lower")
    LOWER,

    /** Those of rates. */
    @JsonProperty("higher")
    HIGHER
}
