package dev.patchbay.store;

/** Blobs that are protected from garbage collection until {@link PluginStore#release}. A token, equal to itself only. */
public interface BlobHold {}
