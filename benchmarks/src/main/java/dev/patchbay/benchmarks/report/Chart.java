package dev.patchbay.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** A drawing in SVG with a frame, axes and a legend. Colours are the page's: classes {@code c0} to {@code c7}. */
final class Chart {
    static final int WIDTH = 860;
    static final int LEFT = 76;
    static final int RIGHT = WIDTH - 16;
    static final int TOP = 14;

    /** As many series as have colours of their own. */
    static final int COLOURS = 8;

    private static final int LEGEND_LINE = 18;
    private static final int LEGEND_BELOW = 52;

    private final StringBuilder body = new StringBuilder();
    private final String title;
    private final int bottom;
    private int height;

    /** @param bottom where the frame ends */
    Chart(String title, int bottom) {
        this.title = title;
        this.bottom = bottom;
        this.height = bottom + LEGEND_BELOW;
    }

    /** Draws lines across, with numbers, and what the numbers are of. */
    Chart up(Axis axis, String unit) {
        for (double tick : axis.ticks()) {
            line("grid", LEFT, axis.at(tick), RIGHT, axis.at(tick));
            text("tick", LEFT - 6, axis.at(tick) + 4, "end", Axis.text(tick));
        }
        body.append(String.format(Locale.ROOT,
                "<text class='tick' text-anchor='middle' transform='translate(14 %d) rotate(-90)'>%s</text>\n",
                (TOP + bottom) / 2, Escaped.of(unit)));
        return this;
    }

    /** Draws lines upwards, with numbers, and what the numbers are of. */
    Chart along(Axis axis, String unit) {
        for (double tick : axis.ticks()) {
            tickAlong(axis.at(tick), Axis.text(tick));
        }
        label(unit);
        return this;
    }

    /** Says what is along the bottom. */
    void label(String text) {
        text("tick", (LEFT + RIGHT) / 2.0, bottom + 34, "middle", text);
    }

    void tickAlong(double x, String label) {
        line("grid", x, TOP, x, bottom);
        text("tick", x, bottom + 16, "middle", label);
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        body.append(String.format(Locale.ROOT,
                "<line class='%s' x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>\n", style, x1, y1, x2, y2));
    }

    void text(String style, double x, double y, String anchor, String text) {
        body.append(String.format(Locale.ROOT,
                "<text class='%s' x='%.1f' y='%.1f' text-anchor='%s'>%s</text>\n", style, x, y, anchor,
                Escaped.of(text)));
    }

    void dot(int colour, double x, double y, double size, String says) {
        body.append(String.format(Locale.ROOT,
                "<circle class='dot c%d' cx='%.1f' cy='%.1f' r='%.1f'><title>%s</title></circle>\n", colour,
                x, y,
                size, Escaped.of(says)));
    }

    /** A line through points, each an x and a y. */
    void path(int colour, List<double[]> points) {
        body.append("<polyline class='path c").append(colour).append("' points='");
        points.forEach(point -> body.append(String.format(Locale.ROOT, "%.1f,%.1f ", point[0], point[1])));
        body.append("'/>\n");
    }

    /** Says below the frame which colour is whose. */
    Chart legend(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            double y = bottom + LEGEND_BELOW + i * (double) LEGEND_LINE;
            body.append(String.format(Locale.ROOT,
                    "<rect class='dot c%d' x='%d' y='%.1f' width='12' height='12'/>\n", i, LEFT, y - 10));
            text("name", LEFT + 18, y, "start", names.get(i));
        }
        height = bottom + LEGEND_BELOW + names.size() * LEGEND_LINE;
        return this;
    }

    /** As a file of its own, which needs nothing from elsewhere. */
    String document() {
        return String.format(Locale.ROOT, """
                <svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' role='img' aria-label='%s' font-family='sans-serif'>
                <style>
                %s</style>
                <rect class='back' width='100%%' height='100%%'/>
                %s</svg>
                """, WIDTH, height, Escaped.of(title), Style.TEXT, body);
    }

    /** As a figure of a page. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, """
                <figure><figcaption>%s</figcaption>
                <svg viewBox='0 0 %d %d' role='img' aria-label='%s'>
                %s</svg></figure>
                """, Escaped.of(title), WIDTH, height, Escaped.of(title), body);
    }
}
