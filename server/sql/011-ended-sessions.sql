-- Sessions that ended lately are looked up whenever one ends.
CREATE INDEX session_revoked ON people.session (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX account_disabled ON people.account (id) WHERE disabled_at IS NOT NULL;
