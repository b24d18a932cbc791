package io.seatline.support;

import io.seatline.sip.message.SipMessage;
import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.message.SipRequest;
import io.seatline.sip.message.SipResponse;
import io.seatline.sip.transport.MessageHandler;
import io.seatline.sip.transport.RemoteAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Answers every request with 200, at once and from the thread that brings it, unless its Call-ID begins otherwise:
 * "never" gets no answer, "late" one when {@link #answerLate} says so, "large" one of 16,000 bytes, "error" an Error.
 */
public final class SipAnswers implements MessageHandler {
    private final AtomicInteger handled = new AtomicInteger();
    private final List<Runnable> late = new CopyOnWriteArrayList<>();
    private final List<RemoteAddress> sources = new CopyOnWriteArrayList<>();

    @Override
    public void handle(SipMessage message, RemoteAddress source, Consumer<byte[]> reply) {
        handled.incrementAndGet();
        switch (message) {
            case SipRequest request -> answer(request, source, reply);
            case Malformed(var headers, var status, var reason) ->
                reply.accept(SipResponse.to(headers, status, reason).bytes(source.address(), "seatline"));
            case Unanswerable _ -> {}
        }
    }

    private void answer(SipRequest request, RemoteAddress source, Consumer<byte[]> reply) {
        var callId = Objects.requireNonNull(request.callId());
        if (callId.startsWith("error")) {
            throw new StackOverflowError("on purpose");
        }
        if (callId.startsWith("never")) {
            return;
        }
        sources.add(source);
        var answer = SipResponse.to(request.answerHeaders(), 200, "OK");
        if (callId.startsWith("large")) {
            for (var i = 0; i < 16; i++) {
                answer.header("X-Large", "x".repeat(1000));
            }
        }
        var bytes = answer.bytes(source.address(), "seatline");
        if (callId.startsWith("late")) {
            late.add(() -> reply.accept(bytes));
        } else {
            reply.accept(bytes);
        }
    }

    /** Sends the answers that are late. */
    public void answerLate() {
        var due = List.copyOf(late);
        late.removeAll(due);
        due.forEach(Runnable::run);
    }

    /** How many messages came. */
    public int handled() {
        return handled.get();
    }

    /** Whence the last request that was answered came. */
    public RemoteAddress lastSource() {
        return sources.getLast();
    }
}
