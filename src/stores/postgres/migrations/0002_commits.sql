-- Up Migration

-- One turn of the bot, in one round trip. Returns the number of its last line (0 without lines), -1 when it is a
-- repetition. AD001: a line of this id is there already; AD002: another instance has the conversation by now.
CREATE FUNCTION commit_turn(
  p_origin text, p_now timestamptz, p_activity text, p_head text, p_lease text,
  p_conversation text, p_person text, p_at timestamptz,
  line_ids text[], line_ats timestamptz[], line_documents text[],
  state_keys text[], state_names text[], state_documents text[],
  vote_conversations text[], vote_lines text[], vote_ats timestamptz[], vote_documents text[],
  welcomed text[], welcomed_names text[]
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  number_of_lines integer := cardinality(line_ids);
  last_seq integer := 0;
BEGIN
  IF p_activity IS NOT NULL THEN
    INSERT INTO activities AS a (key, at) VALUES (p_activity, p_now)
    ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE a.at <= excluded.at - interval '24 hours';
    IF NOT FOUND THEN RETURN -1; END IF;
  END IF;

  IF number_of_lines > 0 THEN
    INSERT INTO heads AS h (key, latest) VALUES (p_head, number_of_lines)
    ON CONFLICT (key) DO UPDATE SET latest = h.latest + excluded.latest
    RETURNING latest INTO last_seq;
    INSERT INTO lines (conversation, seq, id, person, at, document)
    SELECT p_conversation, last_seq - number_of_lines + n, id, p_person, at, document::json
    FROM unnest(line_ids, line_ats, line_documents) WITH ORDINALITY AS new (id, at, document, n)
    ON CONFLICT (conversation, id) DO NOTHING;
    GET DIAGNOSTICS number_of_lines = ROW_COUNT;
    IF number_of_lines < cardinality(line_ids) THEN
      RAISE EXCEPTION 'repeated' USING ERRCODE = 'AD001';
    END IF;
    INSERT INTO changes (origin, conversation, first, last)
    VALUES (p_origin, p_conversation, last_seq - number_of_lines + 1, last_seq);
  END IF;

  IF cardinality(state_keys) > 0 THEN
    DELETE FROM state WHERE key IN (
      SELECT key FROM unnest(state_keys, state_documents) AS gone (key, document) WHERE document IS NULL
    );
    INSERT INTO state AS s (key, name, conversation, person, at, document)
    SELECT key, name, p_conversation, p_person, p_at, document::json
    FROM unnest(state_keys, state_names, state_documents) AS new (key, name, document) WHERE document IS NOT NULL
    ON CONFLICT (key) DO UPDATE SET
      conversation = excluded.conversation, person = excluded.person, at = excluded.at, document = excluded.document;
  END IF;

  IF cardinality(vote_lines) > 0 THEN
    INSERT INTO votes (conversation, line, at, document)
    SELECT conversation, line, at, document::json
    FROM unnest(vote_conversations, vote_lines, vote_ats, vote_documents) AS new (conversation, line, at, document)
    ON CONFLICT (conversation, line) DO NOTHING;
  END IF;

  IF cardinality(welcomed) > 0 THEN
    INSERT INTO welcomes (person, name, at)
    SELECT person, name, p_at FROM unnest(welcomed, welcomed_names) AS new (person, name)
    ON CONFLICT (person) DO UPDATE SET at = excluded.at;
  END IF;

  IF p_lease IS NOT NULL THEN
    -- Whoever wants to take it over waits for this row until the turn is kept.
    UPDATE turn_leases SET until = clock_timestamp() + interval '10 seconds'
    WHERE conversation = p_head AND holder = p_lease;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the turn belongs to somebody else' USING ERRCODE = 'AD002';
    END IF;
  END IF;
  RETURN last_seq;
END
$$;

-- One change of records, in one round trip. False, and nothing happened, where a version is not as expected. AD003 says
-- the same of a document that somebody else put at this moment.
--   e_*: what is expected; `e_shared` where it is only to stay as it is. d_*: what goes. p_*: what is put, `p_new` where
--   there was none. gone_*, new_*: keys that documents lose and get.
CREATE FUNCTION commit_change(
  e_collections text[], e_ids text[], e_versions integer[], e_shared boolean[],
  d_collections text[], d_ids text[],
  p_collections text[], p_ids text[], p_names text[], p_new boolean[], p_values text[],
  gone_collections text[], gone_fields text[], gone_keys text[], gone_ids text[],
  new_collections text[], new_fields text[], new_keys text[], new_ids text[],
  p_origin text, p_kinds text[], p_kind_ids text[]
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  expected integer;
  found_rows integer;
BEGIN
  -- Always in the same order, so that two who want the same wait for each other and not in a circle.
  WITH locked AS MATERIALIZED (
    SELECT r.collection, r.id, r.version
    FROM unnest(e_collections, e_ids, e_shared) AS e (collection, id, shared)
    JOIN records r ON r.collection = e.collection AND r.id = e.id
    WHERE NOT e.shared
    ORDER BY r.collection, r.id
    FOR NO KEY UPDATE OF r
  )
  SELECT count(*) FILTER (WHERE coalesce(l.version, 0) <> e.version) INTO found_rows
  FROM unnest(e_collections, e_ids, e_versions, e_shared) AS e (collection, id, version, shared)
  LEFT JOIN locked l ON l.collection = e.collection AND l.id = e.id
  WHERE NOT e.shared;
  IF found_rows > 0 THEN RETURN false; END IF;

  IF true = ANY (e_shared) THEN
    WITH locked AS MATERIALIZED (
      SELECT r.collection, r.id, r.version
      FROM unnest(e_collections, e_ids, e_shared) AS e (collection, id, shared)
      JOIN records r ON r.collection = e.collection AND r.id = e.id
      WHERE e.shared
      ORDER BY r.collection, r.id
      FOR SHARE OF r
    )
    SELECT count(*) FILTER (WHERE coalesce(l.version, 0) <> e.version) INTO found_rows
    FROM unnest(e_collections, e_ids, e_versions, e_shared) AS e (collection, id, version, shared)
    LEFT JOIN locked l ON l.collection = e.collection AND l.id = e.id
    WHERE e.shared;
    IF found_rows > 0 THEN RETURN false; END IF;

    -- What is to stay absent is put and taken away again: nobody else can put it until this is over.
    SELECT count(*) INTO expected FROM (
      SELECT DISTINCT collection, id FROM unnest(e_collections, e_ids, e_versions, e_shared) AS e (collection, id, version, shared)
      WHERE shared AND version = 0
    ) AS absent;
    IF expected > 0 THEN
      INSERT INTO records (collection, id, version, value)
      SELECT DISTINCT collection, id, 0, 'null'::json
      FROM unnest(e_collections, e_ids, e_versions, e_shared) AS e (collection, id, version, shared)
      WHERE shared AND version = 0
      ORDER BY collection, id
      ON CONFLICT (collection, id) DO NOTHING;
      GET DIAGNOSTICS found_rows = ROW_COUNT;
      IF found_rows < expected THEN RAISE EXCEPTION 'somebody was faster' USING ERRCODE = 'AD003'; END IF;
      DELETE FROM records r
      USING unnest(e_collections, e_ids, e_versions, e_shared) AS e (collection, id, version, shared)
      WHERE e.shared AND e.version = 0 AND r.collection = e.collection AND r.id = e.id;
    END IF;
  END IF;

  IF cardinality(gone_ids) > 0 THEN
    DELETE FROM record_keys k
    USING unnest(gone_collections, gone_fields, gone_keys, gone_ids) AS gone (collection, field, key, id)
    WHERE k.collection = gone.collection AND k.field = gone.field AND k.key = gone.key AND k.id = gone.id;
  END IF;
  IF cardinality(d_ids) > 0 THEN
    DELETE FROM records r USING unnest(d_collections, d_ids) AS d (collection, id)
    WHERE r.collection = d.collection AND r.id = d.id;
  END IF;

  IF true = ANY (p_new) THEN
    INSERT INTO records (collection, id, name, version, value)
    SELECT collection, id, name, 1, value::json
    FROM unnest(p_collections, p_ids, p_names, p_new, p_values) WITH ORDINALITY AS p (collection, id, name, new, value, n)
    WHERE new ORDER BY n
    ON CONFLICT (collection, id) DO NOTHING;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    SELECT count(*) INTO expected FROM unnest(p_new) AS new WHERE new;
    IF found_rows < expected THEN RAISE EXCEPTION 'somebody was faster' USING ERRCODE = 'AD003'; END IF;
  END IF;
  IF false = ANY (p_new) THEN
    UPDATE records r SET version = r.version + 1, value = p.value::json
    FROM unnest(p_collections, p_ids, p_new, p_values) AS p (collection, id, new, value)
    WHERE NOT p.new AND r.collection = p.collection AND r.id = p.id;
  END IF;
  IF cardinality(new_ids) > 0 THEN
    INSERT INTO record_keys (collection, field, key, id)
    SELECT * FROM unnest(new_collections, new_fields, new_keys, new_ids) AS new
    ON CONFLICT DO NOTHING;
  END IF;

  IF cardinality(p_kinds) > 0 THEN
    INSERT INTO changes (origin, kinds, ids) VALUES (p_origin, p_kinds, p_kind_ids);
  END IF;
  RETURN true;
END
$$;
