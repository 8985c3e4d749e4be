-- Managers of the versions before leave the new column as it is.

ALTER TABLE request ADD COLUMN IF NOT EXISTS answered_before {fingerprints}; -- one after the other
