-- name: database-exists
SELECT 1 FROM pg_database WHERE datname = 'tideline';

-- name: create-database
CREATE DATABASE tideline;
