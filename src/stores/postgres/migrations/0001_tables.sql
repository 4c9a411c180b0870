-- Up Migration

-- What rooms keep (records.ts): documents by kind and id, and their keys. `born` is the order in which they came.
-- Texts are compared byte by byte, as nobody's language. Documents are json, not jsonb: they come back as they went in.
-- Where an id is too long or too odd for an index (sql-key.ts), `id` stands for it and `name` is it.
CREATE TABLE records (
  collection text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text,
  version integer NOT NULL,
  born bigint GENERATED ALWAYS AS IDENTITY,
  value json NOT NULL,
  PRIMARY KEY (collection, id)
);
CREATE TABLE record_keys (
  collection text COLLATE "C" NOT NULL,
  field text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  PRIMARY KEY (collection, field, key, id)
);

-- The newest number of a conversation, under its fingerprint: it outlives an erasure and names nobody.
CREATE TABLE heads (
  key text COLLATE "C" PRIMARY KEY,
  latest integer NOT NULL
) WITH (fillfactor = 70);

-- A line's document is the whole line but for its number.
CREATE TABLE lines (
  conversation text COLLATE "C" NOT NULL,
  seq integer NOT NULL,
  id text COLLATE "C" NOT NULL,
  person text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  document json NOT NULL,
  PRIMARY KEY (conversation, seq),
  UNIQUE (conversation, id)
);
CREATE INDEX lines_person ON lines (person);
CREATE INDEX lines_at ON lines USING brin (at);

CREATE TABLE state (
  key text COLLATE "C" PRIMARY KEY,
  name text,
  conversation text COLLATE "C" NOT NULL,
  person text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  document json NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE votes (
  conversation text COLLATE "C" NOT NULL,
  line text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  born bigint GENERATED ALWAYS AS IDENTITY,
  document json NOT NULL,
  PRIMARY KEY (conversation, line)
);
CREATE INDEX votes_at ON votes (at);

CREATE TABLE welcomes (
  person text COLLATE "C" PRIMARY KEY,
  name text,
  at timestamptz NOT NULL
);

-- Activities that were answered, by their fingerprints.
CREATE TABLE activities (
  key text COLLATE "C" PRIMARY KEY,
  at timestamptz NOT NULL
);
CREATE INDEX activities_at ON activities (at);

-- What changed, for the other instances (change-feed.ts): lines of a conversation, or records by kind and id, without
-- an id where there were too many. Whoever reads
-- on from the oldest transaction that was still open at the last look misses nothing. `origin` is who wrote it.
CREATE TABLE changes (
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  origin text NOT NULL,
  conversation text,
  first integer,
  last integer,
  kinds text[],
  ids text[]
);
CREATE INDEX changes_tx ON changes (tx);

-- Who has the turn in a conversation, and until when. Lost in a crash of the database, and that is right: whoever had
-- the turn then finds that it is gone.
CREATE UNLOGGED TABLE turn_leases (
  conversation text COLLATE "C" PRIMARY KEY,
  holder text NOT NULL,
  until timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE checks (
  id integer PRIMARY KEY,
  at timestamptz NOT NULL
);
