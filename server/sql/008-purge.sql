-- What is kept for a while only is cleared once a day, by whichever process gets there first.
INSERT INTO sync.job (kind, key) VALUES ('purge', 'daily');
CREATE INDEX member_ended ON sync.member (to_xid) WHERE to_xid IS NOT NULL;
