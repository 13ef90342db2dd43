package dev.patchbay.volume;

/**
 * One start of a plugin, as nothing else is called: the number alone may come again after the machine went down.
 *
 * @param plugin the digits of its id
 * @param generation the number of the start
 * @param boot the start of the machine
 */
record Start(String plugin, int generation, String boot) {}
