-- Up Migration

-- One change of records, in one round trip; takes the place of commit_change, which stays for instances of the version
-- before while they are replaced. False, and nothing happened, where a version is not as expected. AD003 says the same of
-- a document that somebody else put at this moment.
--   u_*: documents that change, from which version to what. i_*: new ones. d_*: what goes. s_*: what is only to stay as it
--   is, a_*: what is to stay absent. gone_*, new_*: keys that documents lose and get.
-- Its plans go through the indexes, whatever the planner thinks of tables that were small when it was first asked.
CREATE FUNCTION commit_documents(
  u_collections text[], u_ids text[], u_versions integer[], u_values text[],
  i_collections text[], i_ids text[], i_names text[], i_values text[],
  d_collections text[], d_ids text[], d_versions integer[],
  s_collections text[], s_ids text[], s_versions integer[],
  a_collections text[], a_ids text[],
  gone_collections text[], gone_fields text[], gone_keys text[], gone_ids text[],
  new_collections text[], new_fields text[], new_keys text[], new_ids text[],
  p_origin text, p_kinds text[], p_kind_ids text[]
) RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  of_own integer := cardinality(u_ids) + cardinality(d_ids);
  found_rows integer;
  one record;
BEGIN
  -- One alone is compared where it is written. Of several all are locked before any is, always in the same order, so that
  -- two who want the same wait for each other and not in a circle: also where one changes what the other wants unchanged.
  IF of_own > 0 AND cardinality(s_ids) > 0 THEN
    FOR one IN
      SELECT * FROM (
        SELECT collection, id, version, true AS own
        FROM unnest(u_collections || d_collections, u_ids || d_ids, u_versions || d_versions) AS e (collection, id, version)
        UNION ALL
        SELECT collection, id, version, false FROM unnest(s_collections, s_ids, s_versions) AS e (collection, id, version)
      ) AS wanted
      ORDER BY collection COLLATE "C", id COLLATE "C"
    LOOP
      IF one.own THEN
        PERFORM FROM records r WHERE r.collection = one.collection AND r.id = one.id AND r.version = one.version
        FOR NO KEY UPDATE;
      ELSE
        PERFORM FROM records r WHERE r.collection = one.collection AND r.id = one.id AND r.version = one.version
        FOR SHARE;
      END IF;
      IF NOT FOUND THEN RETURN false; END IF;
    END LOOP;
  ELSIF of_own > 1 THEN
    SELECT count(*) INTO found_rows FROM (
      SELECT FROM unnest(u_collections || d_collections, u_ids || d_ids, u_versions || d_versions) AS e (collection, id, version)
      JOIN records r ON r.collection = e.collection AND r.id = e.id AND r.version = e.version
      ORDER BY r.collection, r.id
      FOR NO KEY UPDATE OF r
    ) AS locked;
    IF found_rows < of_own THEN RETURN false; END IF;
  ELSIF cardinality(s_ids) > 0 THEN
    SELECT count(*) INTO found_rows FROM (
      SELECT FROM unnest(s_collections, s_ids, s_versions) AS e (collection, id, version)
      JOIN records r ON r.collection = e.collection AND r.id = e.id AND r.version = e.version
      ORDER BY r.collection, r.id
      FOR SHARE OF r
    ) AS locked;
    IF found_rows < cardinality(s_ids) THEN RETURN false; END IF;
  END IF;

  IF cardinality(u_ids) > 0 THEN
    UPDATE records r SET version = r.version + 1, value = u.value::json
    FROM unnest(u_collections, u_ids, u_versions, u_values) AS u (collection, id, version, value)
    WHERE r.collection = u.collection AND r.id = u.id AND r.version = u.version;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < cardinality(u_ids) THEN RETURN false; END IF;
  END IF;
  IF cardinality(d_ids) > 0 THEN
    DELETE FROM records r USING unnest(d_collections, d_ids, d_versions) AS d (collection, id, version)
    WHERE r.collection = d.collection AND r.id = d.id AND r.version = d.version;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < cardinality(d_ids) THEN RETURN false; END IF;
  END IF;

  -- What is to stay absent is put and taken away again: nobody else can put it until this is over.
  IF cardinality(a_ids) > 0 THEN
    INSERT INTO records (collection, id, version, value)
    SELECT collection, id, 0, 'null'::json FROM unnest(a_collections, a_ids) AS a (collection, id)
    ORDER BY collection, id
    ON CONFLICT (collection, id) DO NOTHING;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < cardinality(a_ids) THEN RAISE EXCEPTION 'somebody was faster' USING ERRCODE = 'AD003'; END IF;
    DELETE FROM records r USING unnest(a_collections, a_ids) AS a (collection, id)
    WHERE r.collection = a.collection AND r.id = a.id;
  END IF;
  IF cardinality(i_ids) > 0 THEN
    INSERT INTO records (collection, id, name, version, value)
    SELECT collection, id, name, 1, value::json
    FROM unnest(i_collections, i_ids, i_names, i_values) WITH ORDINALITY AS i (collection, id, name, value, n)
    ORDER BY n
    ON CONFLICT (collection, id) DO NOTHING;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < cardinality(i_ids) THEN RAISE EXCEPTION 'somebody was faster' USING ERRCODE = 'AD003'; END IF;
  END IF;

  IF cardinality(gone_ids) > 0 THEN
    DELETE FROM record_keys k
    USING unnest(gone_collections, gone_fields, gone_keys, gone_ids) AS gone (collection, field, key, id)
    WHERE k.collection = gone.collection AND k.field = gone.field AND k.key = gone.key AND k.id = gone.id;
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

ALTER FUNCTION commit_turn SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION commit_turn SET enable_seqscan = off;
ALTER FUNCTION commit_turn SET enable_hashjoin = off;
ALTER FUNCTION commit_turn SET enable_mergejoin = off;
-- So that a new version of a document finds place beside the old one.
ALTER TABLE records SET (fillfactor = 80);
