package dev.patchbay.registry;

/** What is done, as users hear of it when it is denied: in the words that users of Docker know, and search for. */
enum Deed {
    PULL("pull access denied, repository does not exist or may require authorization"), PUSH(
            "push access denied, repository does not exist or may require authorization"), LOGIN(
                    "login denied");

    private final String denial;

    Deed(String denial) {
        this.denial = denial;
    }

    static Deed of(Registry.Action action) {
        return switch (action) {
            case PULL -> PULL;
            case PUSH -> PUSH;
        };
    }

    String denial() {
        return denial;
    }
}
