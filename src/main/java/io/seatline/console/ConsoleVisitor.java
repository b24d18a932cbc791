package io.seatline.console;

import io.seatline.web.Visitor;
import java.util.UUID;

/** Somebody of an operator's staff. */
public record ConsoleVisitor(UUID sessionId, int operatorId, String operatorName, String username, String formToken)
        implements Visitor {
    @Override
    public String name() {
        return username;
    }

    @Override
    public String shownName() {
        return username;
    }

    @Override
    public String language() {
        return "EN";
    }
}
