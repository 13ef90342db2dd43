package dev.patchbay.web;

import java.nio.file.Path;

/**
 * The PEM files of a TCP address with certificates on both sides.
 *
 * @param authority certificates that clients' certificates must chain to ({@code --tlscacert})
 * @param certificate the server's certificate chain ({@code --tlscert})
 * @param key the server's private key ({@code --tlskey})
 */
public record TlsFiles(Path authority, Path certificate, Path key) {}
