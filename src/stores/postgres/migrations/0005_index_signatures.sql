-- Up Migration

-- By which indexes the keys of a kind of documents are kept (key-upkeep.ts): a row says that every document has its keys
-- by this signature. It goes as soon as somebody writes by another one, and comes when all keys were brought up to date.
CREATE TABLE record_indexes (
  collection text COLLATE "C" NOT NULL,
  signature text COLLATE "C" NOT NULL,
  PRIMARY KEY (collection, signature)
);
-- The signature by which a process writes, for each kind that it knows; null: of a version that does not say.
ALTER TABLE instances ADD COLUMN signatures jsonb;
