-- Rooms that one does not want to be told of.
ALTER TABLE chat.read_marker ADD COLUMN "isMuted" boolean NOT NULL DEFAULT false;
