-- What is told by e-mail.
ALTER TABLE settings ADD COLUMN email TEXT;
