package dev.patchbay.web.v1;

import dev.patchbay.use.Holder;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** {@code CutOff}: who used a plugin until it was switched off or removed. */
final class CutOffShape implements Shape<List<Holder>> {
    private static final HolderShape HOLDER = new HolderShape();

    @Override
    public void write(JsonGenerator json, List<Holder> holders) {
        json.writeStartObject();
        HOLDER.list(json, "cutOff", holders);
        json.writeEndObject();
    }
}
