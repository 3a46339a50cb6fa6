"""The contents of a PostgreSQL database as a script that puts them back, a tenth of the work of cloning the database.

The script refuses a database whose shape is not the one that it was made for.
"""

# What a test could have left behind besides rows. Numbers of objects are a clone's as they are its template's.
_SHAPE = """
    SELECT md5(string_agg(part, E'\\n' ORDER BY part)) FROM (
        SELECT concat_ws(' ', 'relation', oid, relname, relkind, relnatts, relreplident, reloptions::text)
            FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'column', attrelid, attnum, attname, atttypid, atttypmod, attnotnull)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT concat_ws(' ', 'default', adrelid, adnum, pg_get_expr(adbin, adrelid)) FROM pg_attrdef
        UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid, tgname, tgfoid, tgtype, tgenabled) FROM pg_trigger
            WHERE NOT tgisinternal
        UNION ALL SELECT concat_ws(' ', 'constraint', conrelid, conname, contype, convalidated) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'index', indexrelid, indrelid, indisvalid, indkey::text) FROM pg_index
            JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'function', proname, prosrc) FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'schema', nspname) FROM pg_namespace WHERE nspname !~ '^pg_'
        UNION ALL SELECT concat_ws(' ', 'setting', setconfig::text) FROM pg_db_role_setting
            JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database()
    ) AS parts(part)
"""

TAKE = f"""
CREATE FUNCTION pg_temp.snapshot() RETURNS SETOF text LANGUAGE plpgsql AS $take$
DECLARE
    item record;
    found text;
BEGIN
    EXECUTE $shape${_SHAPE}$shape$ INTO found;
    RETURN NEXT format('SELECT pg_temp.empty(%L);', found);
    FOR item IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
    LOOP
        EXECUTE format('SELECT jsonb_agg(to_jsonb(x) ORDER BY x.ctid)::text FROM %s AS x', item.name) INTO found;
        IF found IS NOT NULL THEN
            RETURN NEXT format(
                'INSERT INTO %1$s OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::%1$s, %2$L);',
                item.name, found);
        END IF;
    END LOOP;
    FOR item IN SELECT quote_ident(sequencename) AS name, start_value, last_value FROM pg_sequences
        WHERE schemaname = 'public'
    LOOP
        RETURN NEXT format('SELECT setval(%L, %s, %L);', item.name,
            coalesce(item.last_value, item.start_value), item.last_value IS NOT NULL);
    END LOOP;
END $take$;
SELECT pg_temp.snapshot();
"""
"""Its answer, line by line, is the middle of what `put_back` makes. Columns are populated in their order."""

_BEFORE = f"""
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
CREATE FUNCTION pg_temp.empty(shape text) RETURNS void LANGUAGE plpgsql AS $empty$
DECLARE
    found text;
BEGIN
    EXECUTE $shape${_SHAPE}$shape$ INTO found;
    IF found IS DISTINCT FROM shape THEN
        RAISE 'the database has another shape';
    END IF;
    SELECT string_agg(oid::regclass::text, ', ') FROM pg_class INTO found
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND (pg_relation_size(oid) > 0 OR reltuples >= 0);
    IF found IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || found || ' CASCADE';
    END IF;
    DELETE FROM pg_statistic USING pg_class WHERE pg_class.oid = starelid
        AND relnamespace = 'public'::regnamespace;
END $empty$;
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL session_replication_role = replica;
"""


def put_back(snapshot: str) -> str:
    """The script, all or nothing: ends every other session, empties the tables and fills them as they were."""
    return f"{_BEFORE}{snapshot}\nCOMMIT;\n"
