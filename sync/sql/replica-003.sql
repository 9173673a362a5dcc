-- Muted rooms. What is here already is asked for again.
ALTER TABLE read_marker ADD COLUMN isMuted INTEGER;
INSERT OR IGNORE INTO stale SELECT 9, key FROM read_marker WHERE key > 0;
