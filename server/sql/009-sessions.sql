-- Counts the ends of sessions, whoever ends them, so that every process that looks at the log sees that
-- it has sockets to close.
ALTER TABLE sync.epoch ADD COLUMN sessions_ended bigint NOT NULL DEFAULT 0;

CREATE FUNCTION people.count_session_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sync.epoch SET sessions_ended = sessions_ended + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER session_ended AFTER UPDATE OF revoked_at ON people.session
  FOR EACH ROW WHEN (old.revoked_at IS NULL AND new.revoked_at IS NOT NULL)
  EXECUTE FUNCTION people.count_session_ends();
CREATE TRIGGER account_disabled AFTER UPDATE OF disabled_at ON people.account
  FOR EACH ROW WHEN (old.disabled_at IS NULL AND new.disabled_at IS NOT NULL)
  EXECUTE FUNCTION people.count_session_ends();
