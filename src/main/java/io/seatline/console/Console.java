package io.seatline.console;

import inet.ipaddr.IPAddress;
import io.seatline.web.Face;
import io.seatline.web.Face.Route;
import io.seatline.web.PageAnswer;
import io.seatline.web.PageSender;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The operator's pages, and what lies where. */
public final class Console {
    static final String HOME = "/console";
    static final String TEXTS = "io.seatline.console.texts";

    private final List<Route<ConsoleVisitor>> routes = new ArrayList<>();

    /** The pages over the database behind {@code jdbi}. */
    public Console(Jdbi jdbi, ConsoleEntrance entrance) {
        get(HOME, request -> PageAnswer.html("console/start.jte", jdbi.toString()));
        post("/console/sign-out", entrance::signOut);
    }

    private void get(String path, Face.Page<ConsoleVisitor> page) {
        routes.add(new Route<>("GET", path, page));
    }

    private void post(String path, Face.Page<ConsoleVisitor> page) {
        routes.add(new Route<>("POST", path, page));
    }

    /** All of it, as the server serves it. */
    public Face<ConsoleVisitor> face(ConsoleEntrance entrance, List<IPAddress> trustedProxies, PageSender sender) {
        return new Face<>(HOME, TEXTS, entrance, trustedProxies, sender, routes);
    }
}
