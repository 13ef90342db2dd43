package dev.patchbay.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final Admission admission = new Admission(2, 10);

    private Admission.Place enter() {
        return admission.enter().orElseThrow();
    }

    @Test
    void givesBackWhatWasHeldOnce() {
        Admission.Place one = enter();
        Admission.Place other = enter();
        one.hold(4);
        one.hold(2);
        other.hold(4);
        assertThatThrownBy(() -> other.hold(1)).isInstanceOfSatisfying(HttpFailure.class,
                failure -> assertThat(failure.status()).isEqualTo(503));
        assertThat(admission.heldBytes()).isEqualTo(10);
        one.goesOn();
        one.leave();
        assertThat(admission.heldBytes()).isEqualTo(4);
        one.hold(3); // a chunk that was on its way
        assertThat(admission.heldBytes()).isEqualTo(4);
        other.leave();
        assertThat(admission.heldBytes()).isZero();
    }

    @Test
    void keepsAReserve() {
        enter();
        enter();
        assertThat(admission.enter()).isEmpty();
        var reserve = new ArrayList<Admission.Place>();
        for (int i = 0; i < Admission.RESERVE; i++) {
            reserve.add(admission.enterReserve().orElseThrow());
        }
        assertThat(admission.enterReserve()).isEmpty();
        reserve.getFirst().leave();
        assertThat(admission.enter()).isEmpty();
        assertThat(admission.enterReserve()).isPresent();
    }

    @Test
    void takesNothingNewOnceItClosesAndWaitsForWhatIsUnderWay() {
        Admission.Place stream = enter();
        stream.goesOn();
        var drained = admission.close().toFuture();
        assertThat(admission.closing().toFuture()).isDone();
        assertThat(admission.enter()).isEmpty();
        assertThat(admission.enterReserve()).isEmpty();
        assertThat(drained).isNotDone();
        stream.leave();
        assertThat(drained).isDone();
    }
}
