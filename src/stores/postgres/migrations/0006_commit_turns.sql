-- Up Migration

-- Turns of different conversations, in one round trip and one transaction; takes the place of commit_turn, which stays for
-- instances of the version before while they are replaced. Returns for each turn the number of its last line (0 without
-- lines), -1 when it is a repetition. A line whose id is there already violates lines_conversation_id_key; AD002: another
-- instance has one of the conversations by now. Then none of them is kept.
--   t_*: the turns, t_lines how many lines each has. l_*, s_*, v_*, w_*: lines, state, votes and welcomes; *_turns says of
--   which turn, by its place, and l_places which line of it.
-- No conversation, activity, state, vote or welcome comes twice in one call. Rows are locked kind by kind, each in the
-- order of its keys, so that two calls never wait for each other in a circle.
CREATE FUNCTION commit_turns(
  p_origin text, p_now timestamptz, p_holder text,
  t_activities text[], t_heads text[], t_leased boolean[], t_conversations text[], t_persons text[], t_ats timestamptz[],
  t_lines integer[],
  l_turns integer[], l_places integer[], l_ids text[], l_ats timestamptz[], l_documents text[],
  s_turns integer[], s_keys text[], s_names text[], s_documents text[],
  v_turns integer[], v_conversations text[], v_lines text[], v_ats timestamptz[], v_documents text[],
  w_turns integer[], w_persons text[], w_names text[]
) RETURNS integer[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  is_new boolean[];
  lasts integer[];
  held text[];
  found_rows integer;
BEGIN
  WITH fresh AS (
    INSERT INTO activities AS a (key, at)
    SELECT key, p_now FROM unnest(t_activities) AS key WHERE key IS NOT NULL ORDER BY key
    ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE a.at <= excluded.at - interval '24 hours'
    RETURNING key
  )
  SELECT array_agg(t.key IS NULL OR fresh.key IS NOT NULL ORDER BY n) INTO is_new
  FROM unnest(t_activities) WITH ORDINALITY AS t (key, n) LEFT JOIN fresh ON fresh.key = t.key;

  WITH grown AS (
    INSERT INTO heads AS h (key, latest)
    SELECT key, lines FROM unnest(t_heads, t_lines, is_new) AS t (key, lines, new) WHERE new AND lines > 0 ORDER BY key
    ON CONFLICT (key) DO UPDATE SET latest = h.latest + excluded.latest
    RETURNING key, latest
  )
  SELECT array_agg(CASE WHEN t.new THEN coalesce(grown.latest, 0) ELSE -1 END ORDER BY n) INTO lasts
  FROM unnest(t_heads, is_new) WITH ORDINALITY AS t (key, new, n) LEFT JOIN grown ON grown.key = t.key;

  INSERT INTO lines (conversation, seq, id, person, at, document)
  SELECT t_conversations[turn], lasts[turn] - t_lines[turn] + place, id, t_persons[turn], at, document::json
  FROM unnest(l_turns, l_places, l_ids, l_ats, l_documents) AS l (turn, place, id, at, document)
  WHERE is_new[turn];
  INSERT INTO changes (origin, conversation, first, last)
  SELECT p_origin, t_conversations[turn], lasts[turn] - t_lines[turn] + 1, lasts[turn]
  FROM generate_subscripts(t_heads, 1) AS turn WHERE lasts[turn] > 0;

  -- What is deleted is put or locked first, in one order with the others.
  IF cardinality(s_keys) > 0 THEN
    INSERT INTO state AS s (key, name, conversation, person, at, document)
    SELECT key, name, t_conversations[turn], t_persons[turn], t_ats[turn], coalesce(document, 'null')::json
    FROM unnest(s_turns, s_keys, s_names, s_documents) AS new (turn, key, name, document)
    WHERE is_new[turn] ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
      conversation = excluded.conversation, person = excluded.person, at = excluded.at, document = excluded.document
    WHERE excluded.document::text <> 'null';
    DELETE FROM state WHERE key IN (
      SELECT key FROM unnest(s_turns, s_keys, s_documents) AS gone (turn, key, document)
      WHERE document IS NULL AND is_new[turn]
    );
  END IF;

  IF cardinality(v_lines) > 0 THEN
    INSERT INTO votes (conversation, line, at, document)
    SELECT conversation, line, at, document::json
    FROM unnest(v_turns, v_conversations, v_lines, v_ats, v_documents) AS new (turn, conversation, line, at, document)
    WHERE is_new[turn] ORDER BY conversation, line
    ON CONFLICT (conversation, line) DO NOTHING;
  END IF;

  IF cardinality(w_persons) > 0 THEN
    INSERT INTO welcomes (person, name, at)
    SELECT person, name, t_ats[turn] FROM unnest(w_turns, w_persons, w_names) AS new (turn, person, name)
    WHERE is_new[turn] ORDER BY person
    ON CONFLICT (person) DO UPDATE SET at = excluded.at;
  END IF;

  SELECT array_agg(key) INTO held
  FROM unnest(t_heads, t_leased, is_new) AS t (key, leased, new) WHERE leased AND new;
  IF held IS NOT NULL THEN
    -- Whoever wants to take one over waits for its row until the turn is kept.
    PERFORM FROM turn_leases WHERE conversation = ANY (held) ORDER BY conversation FOR NO KEY UPDATE;
    UPDATE turn_leases SET until = clock_timestamp() + interval '10 seconds'
    WHERE conversation = ANY (held) AND holder = p_holder;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < cardinality(held) THEN
      RAISE EXCEPTION 'a turn belongs to somebody else' USING ERRCODE = 'AD002';
    END IF;
  END IF;
  RETURN lasts;
END
$$;
