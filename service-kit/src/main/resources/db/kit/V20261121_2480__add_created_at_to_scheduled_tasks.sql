-- How long the oldest letter waits is what tells an operator that nothing gets out. Its execution_time is moved on with
-- every try, and so tells nothing of that.
ALTER TABLE scheduled_tasks ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
