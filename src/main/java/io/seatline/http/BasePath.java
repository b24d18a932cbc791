package io.seatline.http;

import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Takes the path of {@code public.url} off requests, so that proxies may leave it there or take it off themselves. */
final class BasePath extends Handler.Wrapper {
    private final String base;

    /**
     * Serves what lies below {@code base}.
     *
     * @param base such as {@code /pbx}; empty for nothing
     */
    BasePath(String base, Handler next) {
        super(next);
        this.base = base;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var path = request.getHttpURI().getPath();
        var isBelow = !base.isEmpty() && path != null && (path + "/").startsWith(base + "/");
        return super.handle(isBelow ? below(request, path) : request, response, callback);
    }

    private Request below(Request request, String path) {
        var rest = path.substring(base.length());
        try {
            return Request.serveAs(request, HttpURI.build(request.getHttpURI()).path(rest.isEmpty() ? "/" : rest));
        } catch (RuntimeException e) {
            // such as "/..", which leads out of it again: nothing of ours is there
            return request;
        }
    }
}
