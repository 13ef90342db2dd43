package dev.patchbay;

/** Whether an operation may override what would otherwise refuse it. */
public enum Force {
    /** The operation is refused if something stands against it. */
    NO,
    /** The operation is carried out at the cost of whoever uses the plugin. */
    YES
}
