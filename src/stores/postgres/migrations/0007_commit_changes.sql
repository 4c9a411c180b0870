-- Up Migration

-- Changes of records that have no document in common, in one round trip and one transaction; takes the place of
-- commit_documents, which stays for instances of the version before while they are replaced. Returns for each change
-- whether it was made: one whose documents are not of the versions expected is left out. Of several none waits for what
-- others have in hand, since all would wait with it: null says that a change was left out and must go alone to learn
-- more. Where a document is there that was to be new or absent, records_pkey is violated, and where a key is,
-- record_keys_pkey, unless p_keys_may_be_there; then no change of the call is made.
--   c_expected: how many documents each change expects. e_*: those, with their versions. u_*: documents that change.
--   d_*: what goes. a_*: what is to stay absent. i_*: new ones. gone_*, new_*: keys that documents lose and get. k_*: what
--   others are told of. *_changes says of which change, by its place.
-- Its plans go through the indexes, whatever the planner thinks of tables that were small when it was first asked.
CREATE FUNCTION commit_changes(
  p_origin text, p_keys_may_be_there boolean, c_expected integer[],
  e_changes integer[], e_collections text[], e_ids text[], e_versions integer[],
  u_changes integer[], u_collections text[], u_ids text[], u_values text[],
  d_changes integer[], d_collections text[], d_ids text[],
  a_changes integer[], a_collections text[], a_ids text[],
  i_changes integer[], i_collections text[], i_ids text[], i_names text[], i_values text[],
  gone_changes integer[], gone_collections text[], gone_fields text[], gone_keys text[], gone_ids text[],
  new_changes integer[], new_collections text[], new_fields text[], new_keys text[], new_ids text[],
  k_changes integer[], k_kinds text[], k_ids text[]
) RETURNS boolean[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  is_made boolean[];
BEGIN
  -- All are locked before anything is written, always in the same order, so that two who want the same wait for each
  -- other and not in a circle: also where one changes what the other wants unchanged. Who goes alone waits.
  IF cardinality(c_expected) = 1 THEN
    PERFORM FROM unnest(e_collections, e_ids) AS e (collection, id)
    JOIN records r ON r.collection = e.collection AND r.id = e.id
    ORDER BY r.collection, r.id
    FOR NO KEY UPDATE OF r;
  END IF;
  WITH locked AS MATERIALIZED (
    SELECT e.change
    FROM unnest(e_changes, e_collections, e_ids, e_versions) AS e (change, collection, id, version)
    JOIN records r ON r.collection = e.collection AND r.id = e.id AND r.version = e.version
    ORDER BY r.collection, r.id
    FOR NO KEY UPDATE OF r SKIP LOCKED
  )
  SELECT array_agg(CASE WHEN expected = coalesce(there, 0) THEN true WHEN cardinality(c_expected) = 1 THEN false END ORDER BY n)
  INTO is_made
  FROM unnest(c_expected) WITH ORDINALITY AS c (expected, n)
  LEFT JOIN (SELECT change, count(*) AS there FROM locked GROUP BY change) AS l ON l.change = n;

  IF cardinality(u_ids) > 0 THEN
    UPDATE records r SET version = r.version + 1, value = u.value::json
    FROM unnest(u_changes, u_collections, u_ids, u_values) AS u (change, collection, id, value)
    WHERE is_made[u.change] AND r.collection = u.collection AND r.id = u.id;
  END IF;
  IF cardinality(d_ids) > 0 THEN
    DELETE FROM records r USING unnest(d_changes, d_collections, d_ids) AS d (change, collection, id)
    WHERE is_made[d.change] AND r.collection = d.collection AND r.id = d.id;
  END IF;

  -- What is to stay absent is put and taken away again: nobody else can put it until this is over.
  IF cardinality(a_ids) > 0 THEN
    INSERT INTO records (collection, id, version, value)
    SELECT collection, id, 0, 'null'::json FROM unnest(a_changes, a_collections, a_ids) AS a (change, collection, id)
    WHERE is_made[change] ORDER BY collection COLLATE "C", id COLLATE "C";
    DELETE FROM records r USING unnest(a_changes, a_collections, a_ids) AS a (change, collection, id)
    WHERE is_made[a.change] AND r.collection = a.collection AND r.id = a.id;
  END IF;
  -- Put in the order of their ids, so that nobody waits in a circle, and numbered in the order in which they came.
  IF cardinality(i_ids) > 0 THEN
    INSERT INTO records (collection, id, name, version, born, value) OVERRIDING SYSTEM VALUE
    SELECT collection, id, name, 1, born, value::json
    FROM (
      SELECT collection, id, name, value, nextval('records_born_seq') AS born
      FROM unnest(i_changes, i_collections, i_ids, i_names, i_values) WITH ORDINALITY AS i (change, collection, id, name, value, n)
      WHERE is_made[change] ORDER BY n
    ) AS numbered
    ORDER BY collection COLLATE "C", id COLLATE "C";
  END IF;

  IF cardinality(gone_ids) > 0 THEN
    DELETE FROM record_keys k
    USING unnest(gone_changes, gone_collections, gone_fields, gone_keys, gone_ids) AS gone (change, collection, field, key, id)
    WHERE is_made[gone.change]
      AND k.collection = gone.collection AND k.field = gone.field AND k.key = gone.key AND k.id = gone.id;
  END IF;
  IF cardinality(new_ids) > 0 AND p_keys_may_be_there THEN
    INSERT INTO record_keys (collection, field, key, id)
    SELECT collection, field, key, id
    FROM unnest(new_changes, new_collections, new_fields, new_keys, new_ids) AS new (change, collection, field, key, id)
    WHERE is_made[change]
    ON CONFLICT DO NOTHING;
  ELSIF cardinality(new_ids) > 0 THEN
    INSERT INTO record_keys (collection, field, key, id)
    SELECT collection, field, key, id
    FROM unnest(new_changes, new_collections, new_fields, new_keys, new_ids) AS new (change, collection, field, key, id)
    WHERE is_made[change];
  END IF;
  IF cardinality(k_kinds) > 0 THEN
    INSERT INTO changes (origin, kinds, ids)
    SELECT p_origin, array_agg(kind), array_agg(id)
    FROM unnest(k_changes, k_kinds, k_ids) AS k (change, kind, id)
    WHERE is_made[change] HAVING count(*) > 0;
  END IF;
  RETURN is_made;
END
$$;
