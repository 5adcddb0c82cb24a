-- Up to which time of receipt (Unix milliseconds) events were compared with what had come before under the same id. One row.
CREATE TABLE repeats_check (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  checked_through bigint NOT NULL
);
REVOKE ALL ON repeats_check FROM PUBLIC, productgraph_app, productgraph_writer;
