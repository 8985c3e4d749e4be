-- Managers of the first version may still be at work: what they insert lacks the new columns.

ALTER TABLE worker ADD COLUMN IF NOT EXISTS dispatch_timeout VARCHAR(32); -- an ISO-8601 duration

ALTER TABLE request ADD COLUMN IF NOT EXISTS history {text}; -- five values each, one a line

ALTER TABLE request ADD COLUMN IF NOT EXISTS since TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL;

UPDATE request SET since = creation_date WHERE since <> creation_date;

ALTER TABLE request ADD COLUMN IF NOT EXISTS dead_lettered BOOLEAN DEFAULT FALSE NOT NULL; -- not answered by a reply

CREATE TABLE IF NOT EXISTS paused_worker_type (
  worker_type VARCHAR(128) PRIMARY KEY
);

CREATE TABLE IF NOT EXISTS known_worker (
  worker_type VARCHAR(255) NOT NULL,
  instance VARCHAR(255) NOT NULL,
  first_beat TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  last_beat TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (worker_type, instance)
);
