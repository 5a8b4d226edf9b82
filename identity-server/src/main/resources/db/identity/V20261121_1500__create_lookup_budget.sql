-- How many different addresses each account, homeserver, address block and everybody together have asked for with a pepper.
-- The subject is a keyed hash, and so is what the sketch (UltraLogLog, 4,096 registers; empty: nothing was asked) was made
-- of: no list of anybody's contacts stands here. What was charged is the sketch's estimate and the cost of refused requests.
CREATE TABLE lookup_budget (
    pepper_id bigint NOT NULL REFERENCES pepper ON DELETE CASCADE,
    subject   bytea NOT NULL CHECK (octet_length(subject) = 16),
    sketch    bytea NOT NULL CHECK (octet_length(sketch) IN (0, 4096)),
    charged   double precision NOT NULL CHECK (charged >= 0),
    PRIMARY KEY (pepper_id, subject)
);
