using Fairlead.Engine.Data.Linting;
using Fairlead.Engine.Data.Migrations;

namespace Fairlead.Tests.Data;

/// <summary>Migrations that are known to hurt, each beside one that reaches the same without harm.</summary>
public sealed class MigrationLintTests
{
    /// <summary>What teams write, and which rule catches it.</summary>
    public static TheoryData<string, string> Dangerous { get; } =
        new()
        {
            { "CREATE INDEX orders_user ON orders (user_id);", "index-not-concurrent" },
            {
                "create unique index if not exists u on public.orders using btree (lower(email));",
                "index-not-concurrent"
            },
            { "DROP INDEX orders_user;", "drop-index-not-concurrent" },
            { "REINDEX TABLE orders;", "reindex-not-concurrent" },
            { "CREATE INDEX CONCURRENTLY a ON orders (b); SELECT 1;", "concurrent-not-alone" },
            { "ALTER TABLE orders ADD COLUMN email text NOT NULL;", "not-null-without-default" },
            { "ALTER TABLE orders ADD key uuid NOT NULL DEFAULT gen_random_uuid();", "volatile-default" },
            { "ALTER TABLE orders ADD COLUMN total int GENERATED ALWAYS AS (a + b) STORED;", "stored-column" },
            { "ALTER TABLE orders ADD COLUMN number bigserial;", "serial-column" },
            { "ALTER TABLE orders ALTER COLUMN email SET NOT NULL;", "set-not-null" },
            { "ALTER TABLE orders ALTER COLUMN id TYPE bigint;", "type-change" },
            {
                "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users (id);",
                "foreign-key-checked-at-once"
            },
            { "ALTER TABLE orders ADD COLUMN user_id bigint REFERENCES users (id);", "foreign-key-checked-at-once" },
            { "ALTER TABLE orders ADD CONSTRAINT p CHECK (total >= 0);", "check-checked-at-once" },
            {
                "ALTER TABLE orders ADD CONSTRAINT p CHECK (total >= 0) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT p;",
                "validated-with-its-constraint"
            },
            { "ALTER TABLE orders ADD CONSTRAINT u UNIQUE (email);", "unique-builds-index" },
            { "ALTER TABLE ONLY orders ADD PRIMARY KEY (id);", "primary-key-builds-index" },
            { "ALTER TABLE rooms ADD EXCLUDE USING gist (room WITH =, during WITH &&);", "exclusion-builds-index" },
            { "ALTER TABLE orders DROP COLUMN IF EXISTS email;", "column-dropped" },
            { "DROP TABLE orders, carts;", "table-dropped" },
            { "DROP VIEW totals;", "dropped-while-in-use" },
            { "ALTER TABLE orders RENAME COLUMN email TO mail;", "column-renamed" },
            { "ALTER TABLE orders RENAME TO purchases;", "table-renamed" },
            { "TRUNCATE orders;", "truncate" },
            { "DELETE FROM orders;", "truncate" },
            { "UPDATE orders SET state = 'new';", "all-rows-at-once" },
            { "LOCK TABLE orders IN EXCLUSIVE MODE;", "lock-table" },
            { "VACUUM FULL orders;", "table-rewritten" },
            { "ALTER TABLE orders SET TABLESPACE fast;", "table-rewritten" },
            { "ALTER TABLE orders DISABLE TRIGGER ALL;", "triggers-off" },
            { "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM (1) TO (2);", "partition-scanned" },
            { "ALTER TABLE events DETACH PARTITION events_2024;", "partition-detached" },
            { "REFRESH MATERIALIZED VIEW totals;", "view-refreshed" },
            { "SET lock_timeout = 0;", "no-time-limit" },
            { "ALTER TABLE orders ADD COLUMN code text UNIQUE;", "unique-builds-index" },
        };

    /// <summary>What does no harm, however much it looks like it.</summary>
    public static TheoryData<string> Harmless { get; } =
    [
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);",
        "CREATE TABLE carts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text NOT NULL); CREATE INDEX c ON carts (note);",
        "DROP INDEX CONCURRENTLY IF EXISTS orders_user;",
        "REINDEX INDEX CONCURRENTLY orders_user;",
        "ALTER TABLE orders ADD COLUMN email text;",
        "ALTER TABLE orders ADD COLUMN email text NOT NULL DEFAULT '';",
        "ALTER TABLE orders ADD COLUMN made timestamptz NOT NULL DEFAULT now();",
        "ALTER TABLE orders ALTER COLUMN email SET DEFAULT 'none';",
        "ALTER TABLE orders ALTER COLUMN email DROP NOT NULL;",
        "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;",
        "ALTER TABLE orders VALIDATE CONSTRAINT f;",
        "ALTER TABLE orders ADD CONSTRAINT p CHECK (total >= 0) NOT VALID;",
        "ALTER TABLE orders ADD CONSTRAINT u UNIQUE USING INDEX orders_email;",
        "ALTER TABLE orders DROP CONSTRAINT p;",
        "CREATE VIEW totals AS SELECT user_id, sum(total) FROM orders GROUP BY user_id;",
        "CREATE FUNCTION drop_table() RETURNS void LANGUAGE plpgsql AS $body$ BEGIN DROP TABLE orders; END $body$;",
        "INSERT INTO notes (text) VALUES ('DROP TABLE orders; -- TRUNCATE'), (E'it\\'s; ALTER TABLE x');",
        "/* DROP TABLE orders; /* nested */ still a comment */ SELECT 1;",
        "UPDATE orders SET state = 'new' WHERE ctid IN (SELECT ctid FROM orders WHERE state IS NULL LIMIT 1000);",
        "ALTER TYPE state ADD VALUE IF NOT EXISTS 'paid';",
        "COMMENT ON TABLE orders IS 'drop table';",
        "CREATE TABLE a (id bigint); ALTER TABLE a ADD COLUMN n int NOT NULL; ALTER TABLE a RENAME TO b;",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;",
        "ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;",
        "-- fairlead: allow column-dropped because nobody has read it since 2025\nALTER TABLE orders DROP COLUMN fax;",
        "SET lock_timeout = '2s';",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 1;",
        "ALTER TABLE orders RENAME CONSTRAINT p TO q;",
        "GRANT SELECT ON orders TO reporting;",
    ];

    [Theory]
    [MemberData(nameof(Dangerous))]
    public void A_migration_that_hurts_is_caught_with_the_way_around_it(string sql, string rule)
    {
        var found = Look(sql);

        Assert.Equal([rule], found.Select(static one => one.Rule).Distinct());
        Assert.All(found, static one => Assert.True(one.Recipe.Length > 10 && !one.Recipe.Contains('{')));
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void A_migration_that_does_no_harm_passes(string sql) => Assert.Empty(Look(sql));

    [Fact]
    public void A_column_is_proven_not_null_by_a_constraint_that_an_earlier_file_validated()
    {
        var lint = new MigrationLint(SqlDialect.Postgres);
        string[] files =
        [
            "ALTER TABLE orders ADD CONSTRAINT e CHECK (email IS NOT NULL) NOT VALID;",
            "ALTER TABLE orders VALIDATE CONSTRAINT e;",
            "ALTER TABLE orders ALTER COLUMN email SET NOT NULL;",
        ];

        Assert.All(files, file => Assert.Empty(lint.Look(Of(file).Script, isContract: false).Open));
    }

    [Theory]
    [InlineData("varchar(50)", "varchar(100)", null)]
    [InlineData("varchar(50)", "text", null)]
    [InlineData("numeric(10,2)", "numeric(12,2)", null)]
    [InlineData("int", "bigint", "type-change")]
    [InlineData("timestamp", "timestamptz", "type-change")]
    [InlineData("character varying(100)", "varchar(50)", "type-narrowed")]
    [InlineData("bigint", "int", "type-narrowed")]
    [InlineData("text", "int", "type-narrowed")]
    [InlineData("numeric(10,2)", "numeric(8,2)", "type-narrowed")]
    public void What_a_change_of_type_costs_is_known_from_earlier_files(string before, string after, string? rule)
    {
        var lint = new MigrationLint(SqlDialect.Postgres);
        lint.Look(Of($"CREATE TABLE orders (id bigint PRIMARY KEY, a {before} NOT NULL);").Script, isContract: false);

        var found = lint.Look(
            Of($"ALTER TABLE orders ALTER COLUMN a SET DATA TYPE {after};").Script,
            isContract: false
        );

        Assert.Equal(rule is null ? [] : [rule], found.Open.Select(static one => one.Rule));
    }

    [Fact]
    public void What_is_taken_away_belongs_into_a_contract_and_losing_rows_does_not()
    {
        var lint = new MigrationLint(SqlDialect.Postgres);
        var file = new MigrationFile(
            "0009_end.contract.sql",
            "ALTER TABLE orders DROP COLUMN fax; DROP TABLE faxes CASCADE;"
        );

        Assert.True(file.IsContract);
        Assert.Equal(["cascade"], lint.Look(file.Script, file.IsContract).Open.Select(static one => one.Rule));
    }

    [Theory]
    [InlineData("ALTER TABLE orders ADD INDEX u (user_id);", "mysql-algorithm-unsaid")]
    [InlineData("ALTER TABLE `orders` MODIFY COLUMN note text;", "mysql-algorithm-unsaid")]
    [InlineData("CREATE INDEX u ON orders (user_id);", "mysql-algorithm-unsaid")]
    [InlineData("ALTER TABLE orders DROP COLUMN note;", "column-dropped")]
    [InlineData("ALTER TABLE orders ADD INDEX u (user_id), ALGORITHM=INPLACE, LOCK=NONE;", null)]
    [InlineData("CREATE INDEX u ON orders (user_id) ALGORITHM=INPLACE LOCK=NONE;", null)]
    public void Mysql_is_asked_to_say_how_it_changes_a_table(string sql, string? rule)
    {
        var found = new MigrationLint(SqlDialect.Mysql).Look(Of(sql).Script, isContract: false);

        Assert.Equal(rule is null ? [] : [rule], found.Open.Select(static one => one.Rule));
    }

    [Fact]
    public void A_finding_says_what_why_and_how_else() =>
        Assert.Equal(
            new LintFinding(
                Harm.Dangerous,
                "index-not-concurrent",
                3,
                "The index by_user is built on orders.",
                "It takes a SHARE lock: nobody writes to the table while the index is built, which grows with the table.",
                "In a file of its own: CREATE INDEX CONCURRENTLY by_user ON orders (...);"
            ),
            Assert.Single(Look("SELECT 1;\n\nCREATE INDEX by_user\n ON orders (user_id);"))
        );

    [Theory]
    [InlineData("SELECT 'never ends", "What is quoted in line 1 has no end.")]
    [InlineData("SELECT 1;\n/* never ends", "A comment in line 2 has no end.")]
    [InlineData("SELECT $a$ never ends $b$", "What is quoted by $a$ in line 1 has no end.")]
    public void A_file_that_has_no_end_is_refused(string sql, string why) =>
        Assert.Equal(why, Assert.Throws<Fairlead.Model.Problems.ProblemException>(() => Of(sql).Script).Problem.Why);

    private static IReadOnlyList<LintFinding> Look(string sql)
    {
        var script = Of(sql).Script;
        return new MigrationLint(SqlDialect.Postgres).Look(script, isContract: false).Open;
    }

    private static MigrationFile Of(string sql) => new("0001_test.sql", sql);
}
