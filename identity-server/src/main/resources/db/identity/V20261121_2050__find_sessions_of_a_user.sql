-- Whoever withdraws their consent has their sessions ended.
CREATE INDEX validation_session_user_id ON validation_session (user_id);
