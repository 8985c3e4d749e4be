-- Names in braces stand for what the two databases call differently.

CREATE SEQUENCE IF NOT EXISTS arrival;

CREATE TABLE IF NOT EXISTS request (
  id BIGINT PRIMARY KEY, -- in the order of arrival
  tenant VARCHAR(255) NOT NULL,
  request_id VARCHAR(255) NOT NULL,
  source VARCHAR(255) NOT NULL, -- the owner
  session VARCHAR(255) NOT NULL,
  content_type VARCHAR(255) NOT NULL,
  priority INTEGER NOT NULL,
  creation_date TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  fingerprint {bytes} NOT NULL,
  status VARCHAR(32) NOT NULL,
  position INTEGER NOT NULL, -- the step, -1 at the start, -2 after a step when the next is not known
  step_number INTEGER,
  worker_type VARCHAR(255), -- that the position leads to
  dispatched_worker_type VARCHAR(255),
  dispatch UUID,
  messages {text}, -- one a line
  additional_headers {text}, -- names and values, one a line
  opened_by {bytes},
  answered_by {bytes},
  finished BOOLEAN NOT NULL,
  batch_id UUID, -- that changed it last
  content {content} NOT NULL,
  original_content {content},
  CONSTRAINT request_key UNIQUE (tenant, request_id)
);

CREATE INDEX IF NOT EXISTS request_batch ON request (batch_id);

CREATE INDEX IF NOT EXISTS request_waiting ON request {waiting};

CREATE TABLE IF NOT EXISTS open_batch (
  id UUID PRIMARY KEY,
  instance VARCHAR(255) NOT NULL
);

CREATE TABLE IF NOT EXISTS mark (
  tenant VARCHAR(255) NOT NULL,
  request_id VARCHAR(255) NOT NULL,
  fingerprint {bytes} NOT NULL,
  finished_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

CREATE INDEX IF NOT EXISTS mark_key ON mark (tenant, request_id);

CREATE INDEX IF NOT EXISTS mark_finished_at ON mark (finished_at);

CREATE TABLE IF NOT EXISTS tenant (
  name VARCHAR(255) PRIMARY KEY,
  version BIGINT NOT NULL,
  last_start_import {bytes},
  skip_content_types {text} -- one a line
);

CREATE TABLE IF NOT EXISTS worker (
  tenant VARCHAR(255) NOT NULL REFERENCES tenant,
  ordinal INTEGER NOT NULL,
  worker_type VARCHAR(128) NOT NULL,
  content_type_inputs {text}, -- one a line
  content_type_output VARCHAR(255),
  keep_errors BOOLEAN NOT NULL,
  PRIMARY KEY (tenant, ordinal)
);

CREATE TABLE IF NOT EXISTS workflow (
  tenant VARCHAR(255) NOT NULL REFERENCES tenant,
  ordinal INTEGER NOT NULL,
  workflow_type VARCHAR(255) NOT NULL,
  steps {text}, -- step numbers and worker types, one a line
  keep_errors BOOLEAN NOT NULL,
  PRIMARY KEY (tenant, ordinal)
);
