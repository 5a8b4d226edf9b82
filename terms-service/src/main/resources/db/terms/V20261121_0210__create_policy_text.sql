-- What users were asked to agree to. A text once published is never changed: its URL holds policy, version and language.
CREATE TABLE policy_text (
    policy       text NOT NULL,
    version      text NOT NULL,
    language     text NOT NULL,
    name         text NOT NULL,
    content      text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (policy, version, language)
);
