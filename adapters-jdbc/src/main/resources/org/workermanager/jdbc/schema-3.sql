-- Managers of the versions before have no lease. What they open is theirs for as long as any batch takes.

CREATE TABLE IF NOT EXISTS lease (
  id UUID PRIMARY KEY,
  instance VARCHAR(255) NOT NULL,
  ends_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

ALTER TABLE open_batch ADD COLUMN IF NOT EXISTS lease UUID;

ALTER TABLE open_batch ADD COLUMN IF NOT EXISTS opened_at TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL;

ALTER TABLE open_batch ALTER COLUMN instance SET DEFAULT '';
