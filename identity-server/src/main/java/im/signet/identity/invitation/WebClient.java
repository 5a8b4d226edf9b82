package im.signet.identity.invitation;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A web client that the operator allows mails to link to.
 *
 * @param base its address, without a slash at the end
 */
record WebClient(String base) {

    private static final Pattern PLAIN_PATH = Pattern.compile("(?:/[A-Za-z0-9_-]+)*/?");

    /** Returns the client at a location that a stranger named; empty unless it is at one of these hosts, over HTTPS. */
    static Optional<WebClient> at(String location, List<String> hosts) {
        try {
            URI url = new URI(location);
            String host = url.getHost();
            if (!"https".equals(url.getScheme()) || host == null || url.getUserInfo() != null || url.getPort() != -1
                    || url.getQuery() != null || url.getFragment() != null
                    || !PLAIN_PATH.matcher(String.valueOf(url.getRawPath())).matches()
                    || hosts.stream().noneMatch(host::equalsIgnoreCase)) {
                return Optional.empty();
            }
            String path = url.getRawPath().endsWith("/")
                    ? url.getRawPath().substring(0, url.getRawPath().length() - 1)
                    : url.getRawPath();
            return Optional.of(new WebClient("https://" + host.toLowerCase(Locale.ROOT) + path));
        } catch (URISyntaxException notAUrl) {
            return Optional.empty();
        }
    }

    /**
     * Returns the link by which this client accepts an invitation, in the form that Sydent's mails have.
     *
     * @param signUrl where the client has its user's acceptance signed
     */
    String link(NewInvitation invitation, String signUrl) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("email", invitation.address().value());
        query.put("signurl", signUrl);
        query.put("room_name", ShownName.of(invitation.roomName(), ShownName.ROOM));
        query.put("room_avatar_url", invitation.roomAvatar());
        query.put("inviter_name", ShownName.of(invitation.senderName(), ShownName.SENDER));
        query.put("guest_access_token", "");
        query.put("guest_user_id", "");
        query.put("room_type", invitation.roomType());
        return base + "/#/room/" + encoded(invitation.roomId()) + "?" + encoded(query);
    }

    /** Returns a query. */
    static String encoded(Map<String, String> query) {
        return query.entrySet()
                .stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    // A blank as %20: in the fragment of a URL '+' is no blank to everybody.
    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
