-- The same for all addresses of a mail domain (example.org), of all domains below one (*.example.org), and for all phone
-- numbers that begin alike (+4490). In plain, as they are nobody's.
CREATE TABLE blocked_range (
    pattern text PRIMARY KEY CHECK (octet_length(pattern) <= 256),
    since   timestamptz NOT NULL DEFAULT now(),
    reason  text CHECK (octet_length(reason) <= 1024)
);
