-- Up Migration

-- Which processes live, each until it says so again; and who is at which place there (presence.ts). Rows of places that
-- were left, and of processes that ended, go after some minutes.
CREATE TABLE instances (
  instance text COLLATE "C" PRIMARY KEY,
  until timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE presence (
  place text COLLATE "C" NOT NULL,
  instance text COLLATE "C" NOT NULL,
  left_at timestamptz,
  PRIMARY KEY (place, instance)
) WITH (fillfactor = 70);
