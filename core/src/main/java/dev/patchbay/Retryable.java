package dev.patchbay;

/** Marks failures that pass by themselves: the same request may succeed a moment later. */
public interface Retryable {}
