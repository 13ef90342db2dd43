package dev.patchbay.archive;

/**
 * Compresses blocks of one deflate stream (RFC 1951), each by itself, so that their results put one after the other are the
 * stream. The same block gives the same bytes, whatever was compressed before; two kinds of deflater
 * give different bytes.
 *
 * <p>Any number of threads may compress at a time. Neither waits for another, nor for anything else.
 */
interface BlockDeflater extends AutoCloseable {
    /** How much a block may refer back to, the most that the format has. */
    int WINDOW_BYTES = 32 * 1024;

    /** The fastest one that this host has, for one stream. */
    static BlockDeflater ofThisHost() {
        return IsalDeflate.ofThisHost().<BlockDeflater>map(IsalBlocks::new).orElseGet(JdkBlocks::new);
    }

    /**
     * Compresses a block.
     *
     * @return bytes that end on a byte boundary, without the end of the stream unless the block is the last
     * @throws IllegalStateException after {@link #close}
     */
    byte[] deflate(Block block);

    /** Frees what compressing needed outside the heap, if a thread still compresses then when it has done so. Never waits. */
    @Override
    void close();

    /**
     * What is compressed. Nobody changes the arrays meanwhile.
     *
     * @param bytes the plain bytes, from the beginning of the array
     * @param length how many, from 0 to {@link GzipBlocks#BLOCK_BYTES}
     * @param window what came before it in the stream, at most {@link #WINDOW_BYTES}
     * @param last whether the stream ends with it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Block(byte[] bytes, int length, byte[] window, boolean last) {}
}
