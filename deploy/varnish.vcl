# Varnish in front of the newsroom: PURGE_URLS=varnish+http://127.0.0.1:6081
vcl 4.1;

import std;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

# Only the newsroom itself may say what is old.
acl newsroom {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ newsroom) {
            return (synth(405));
        }
        # All tags of a change in one pattern, in which no blank may be.
        if (req.http.X-Tags) {
            ban("obj.http.Surrogate-Key ~ " + req.http.X-Tags);
        }
        return (synth(200));
    }
    unset req.http.X-Tags;
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.url ~ "^/(admin|tim-kiem|media)/") {
        return (pass);
    }
    # Public pages are the same for everybody.
    unset req.http.Cookie;
    set req.url = regsuball(req.url, "([?&])(utm_[a-z_]+|fbclid|gclid|zarsrc)=[^&]*", "\1");
    set req.url = regsub(regsuball(req.url, "&&+", "&"), "[?&]+$", "");
    return (hash);
}

sub vcl_backend_response {
    # What the newsroom says for shared caches: s-maxage and stale-while-revalidate.
    if (beresp.http.Cache-Control ~ "no-store|private") {
        set beresp.uncacheable = true;
        return (deliver);
    }
    # A copy for the time the newsroom does not answer.
    set beresp.grace = 1d;
    set beresp.keep = 1d;
}

sub vcl_hit {
    # Old copies are for an outage alone: a purge must be seen by the next reader.
    if (obj.ttl < 0s && std.healthy(req.backend_hint)) {
        set req.grace = 0s;
    }
}

sub vcl_deliver {
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
