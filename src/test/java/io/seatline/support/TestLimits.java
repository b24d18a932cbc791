package io.seatline.support;

import io.seatline.sip.transport.ConnectionLimits;
import java.time.Duration;

/** Limits for ten connections, the usual ones but for those that a test says. */
public final class TestLimits {
    private final ConnectionLimits usual = ConnectionLimits.usual(Duration.ofHours(2));
    private int connections = 10;
    private int perSource = 10;
    private int inWork = usual.inWork();
    private Duration answer = usual.answer();
    private Duration handshake = usual.handshake();
    private Duration firstMessage = usual.firstMessage();
    private Duration message = usual.message();
    private Duration idle = usual.idle();
    private Duration write = usual.write();

    public TestLimits connections(int most) {
        connections = most;
        return perSource(most);
    }

    public TestLimits perSource(int most) {
        perSource = most;
        return this;
    }

    public TestLimits inWork(int most) {
        inWork = most;
        return this;
    }

    public TestLimits answer(Duration limit) {
        answer = limit;
        return this;
    }

    public TestLimits handshake(Duration limit) {
        handshake = limit;
        return this;
    }

    public TestLimits firstMessage(Duration limit) {
        firstMessage = limit;
        return this;
    }

    public TestLimits message(Duration limit) {
        message = limit;
        return this;
    }

    public TestLimits idle(Duration limit) {
        idle = limit;
        return this;
    }

    public TestLimits write(Duration limit) {
        write = limit;
        return this;
    }

    public ConnectionLimits build() {
        return new ConnectionLimits(
                connections, perSource, inWork, answer, handshake, firstMessage, message, idle, write, usual.memory());
    }
}
