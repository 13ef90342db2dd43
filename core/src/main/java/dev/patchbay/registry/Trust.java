package dev.patchbay.registry;

/** Whether a server must prove who it is. */
enum Trust {
    /** Its certificate is checked, and plain HTTP is out of the question. */
    VERIFIED,
    /** An insecure registry: any certificate will do, or none. */
    UNVERIFIED
}
