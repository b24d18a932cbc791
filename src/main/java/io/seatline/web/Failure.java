package io.seatline.web;

import io.seatline.db.Failures;
import io.seatline.jsonapi.ApiException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;

/** What a visitor is told when a page fails: never anything of the inside. */
final class Failure {
    private static final Logger LOG = System.getLogger(Failure.class.getName());

    private Failure() {}

    static PageResponse.Html page(RuntimeException failure, Texts texts, String home, String requestId) {
        if (failure instanceof ApiException refusal) {
            var status = refusal.errors().getFirst().status();
            var error = Map.of(404, PageError.NOT_FOUND, 413, PageError.TOO_LARGE, 429, PageError.TOO_MANY)
                    .getOrDefault(status, PageError.BAD_REQUEST);
            return Message.page(status, texts, error, home);
        }
        if (Failures.isAway(failure)) {
            Failures.logAway(LOG, requestId, failure);
            return Message.page(503, texts, PageError.UNAVAILABLE, home);
        }
        LOG.log(Level.ERROR, "Incident " + requestId, failure);
        return Message.page(500, texts, PageError.INCIDENT, home, requestId);
    }
}
