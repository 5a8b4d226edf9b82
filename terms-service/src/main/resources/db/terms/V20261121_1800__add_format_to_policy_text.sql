-- A text may be written in Markdown or HTML, and what it was published as is part of what was published: the same bytes
-- read differently. What stood here before was shown as plain text, as is what a server of the version before adds.
ALTER TABLE policy_text
    ADD COLUMN format text NOT NULL DEFAULT 'TEXT' CHECK (format IN ('TEXT', 'MARKDOWN', 'HTML'));
