package io.seatline.sip.transport;

import io.seatline.sip.message.SipMessage;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.transport.Outgoing.Form;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One client's connection: its messages that are in work, its answers on their way out, and its deadlines. One thread
 * reads; answers may come from any, and wait in a queue that a thread of this connection's empties, so that a client
 * which does not read holds nobody else up.
 */
public abstract class Connection {
    private static final long NEVER = Long.MAX_VALUE;

    /** Beyond so many bytes of unread answers nothing more is read from their client. */
    private static final int MAX_QUEUED = 64 * 1024;

    private static final int BATCH = 16 * 1024;

    private final OpenConnections connections;
    private final ConnectionLimits limits;
    private final MessageHandler handler;
    private final RemoteAddress source;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by the lock
    private final SequencedSet<Reply> inWork = new LinkedHashSet<>();
    private final Queue<Outgoing> answers = new ArrayDeque<>();
    private int queued;
    private int unfinished;
    private boolean writing;
    private volatile boolean cut;

    // of the reading thread
    private boolean hasBroughtMessage;
    private long messageBegan = NEVER;
    private final long firstMessageDue;

    private volatile long readDue;
    private volatile long writeDue = NEVER;

    public Connection(OpenConnections connections, MessageHandler handler, RemoteAddress source) {
        this.connections = connections;
        this.limits = connections.limits();
        this.handler = handler;
        this.source = source;
        this.firstMessageDue = OpenConnections.now() + limits.firstMessage().toMillis();
        this.readDue = firstMessageDue;
    }

    /** Writes and returns when all is written. */
    protected abstract void write(List<Outgoing> batch) throws IOException;

    /** Ends whatever a thread reads or writes, from another thread and at once. */
    protected abstract void disconnect();

    final RemoteAddress source() {
        return source;
    }

    final ConnectionLimits limits() {
        return limits;
    }

    // what comes in: only the reading thread

    /** Hands a message on as soon as there is room for it. */
    protected final void handle(SipMessage message, Form form) throws InterruptedException {
        hasBroughtMessage = true;
        messageBegan = NEVER;
        awaitRoom();
        if (message instanceof Unanswerable) {
            handler.handle(message, source, answer -> {});
            return;
        }
        var reply = new Reply(form);
        lock.lock();
        try {
            inWork.add(reply);
        } finally {
            lock.unlock();
        }
        handler.handle(message, source, reply);
    }

    /** Sets what is now due: the rest of a message, the first one, or anything. */
    protected final void heard(boolean inMessage) {
        var now = OpenConnections.now();
        messageBegan = inMessage ? Math.min(messageBegan, now) : NEVER;
        var due = hasBroughtMessage ? now + limits.idle().toMillis() : firstMessageDue;
        readDue = inMessage ? Math.min(due, messageBegan + limits.message().toMillis()) : due;
    }

    /** The reading thread's next step, a handshake or a farewell, is due after this. */
    final void readWithin(long millis) {
        readDue = OpenConnections.now() + millis;
    }

    /** Counts the bytes of a message that has not come whole. */
    protected final void keeps(int bytes) {
        if (bytes != unfinished) {
            var may = true;
            lock.lock();
            try {
                var more = bytes - unfinished;
                unfinished = bytes;
                may = cut || connections.hold(more, unfinished + queued);
            } finally {
                lock.unlock();
            }
            if (!may) {
                cut();
            }
        }
    }

    /** Waits until there are fewer messages in work, and fewer answers unread, than there may be. */
    protected final void awaitRoom() throws InterruptedException {
        await(limits.inWork() - 1, MAX_QUEUED);
    }

    /** Waits until all messages are answered and all answers written. */
    protected final void awaitQuiet() throws InterruptedException {
        await(0, 0);
    }

    private void await(int mostInWork, int mostQueued) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            forgetUnanswered();
            while (!cut && (inWork.size() > mostInWork || queued > mostQueued || (mostQueued == 0 && writing))) {
                // it is not the client who is awaited
                readDue = NEVER;
                var _ = changed.await(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
                forgetUnanswered();
            }
        } finally {
            lock.unlock();
        }
    }

    private void forgetUnanswered() {
        var past = OpenConnections.now() - limits.answer().toMillis();
        while (!inWork.isEmpty() && inWork.getFirst().since <= past) {
            inWork.removeFirst();
        }
    }

    // what goes out: any thread

    /** Where one message's answer goes. */
    private final class Reply implements Consumer<byte[]> {
        private final long since = OpenConnections.now();
        private final Form form;

        Reply(Form form) {
            this.form = form;
        }

        @Override
        public void accept(byte[] answer) {
            lock.lock();
            try {
                inWork.remove(this);
                changed.signalAll();
                send(new Outgoing(answer, form));
            } finally {
                lock.unlock();
            }
        }
    }

    /** Sends behind what waits already, and returns at once. */
    protected final void send(Outgoing answer) {
        var may = true;
        lock.lock();
        try {
            if (cut) {
                return;
            }
            var length = answer.bytes().length;
            answers.add(answer);
            queued += length;
            may = connections.hold(length, unfinished + queued);
            if (!writing) {
                var _ = Thread.ofVirtual().name("sip-answers").start(this::writeAll);
                writing = true;
            }
        } finally {
            lock.unlock();
        }
        if (!may) {
            cut();
        }
    }

    private void writeAll() {
        try {
            for (var batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
                writeDue = OpenConnections.now() + limits.write().toMillis();
                write(batch);
                writeDue = NEVER;
            }
        } catch (IOException | RuntimeException | Error e) {
            // gone, or cut
            cut();
        }
    }

    /** The next answers together, so that many small ones take one write; none ends the writing. */
    private List<Outgoing> nextBatch() {
        lock.lock();
        try {
            var batch = new ArrayList<Outgoing>();
            var length = 0;
            while (!answers.isEmpty()
                    && (batch.isEmpty() || length + answers.element().bytes().length <= BATCH)) {
                var next = answers.remove();
                length += next.bytes().length;
                batch.add(next);
            }
            writing = !batch.isEmpty();
            queued -= length;
            var _ = connections.hold(-length, 0);
            changed.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    // its end

    final boolean isOverdue(long now) {
        return !cut && (now > readDue || now > writeDue);
    }

    /** Ends it at once, from any thread. */
    public final void cut() {
        lock.lock();
        try {
            if (!cut) {
                cut = true;
                var _ = connections.hold(-unfinished - queued, 0);
                answers.clear();
                queued = 0;
                unfinished = 0;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        disconnect();
    }

    /** Ends it and gives its place back. */
    public final void end() {
        cut();
        connections.remove(this);
        handler.ended(source);
    }
}
