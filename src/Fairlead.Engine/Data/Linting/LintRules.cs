namespace Fairlead.Engine.Data.Linting;

/// <summary>
/// All rules, with what PostgreSQL's manual says of the locks (13.3 Explicit Locking, and ALTER TABLE's notes). To add one: a field here, a
/// look in one of the readers beside, a case in the tests, a row in docs/guides/migrations.md.
/// </summary>
public static class LintRules
{
    public static readonly LintRule IndexNotConcurrent = new(
        "index-not-concurrent",
        Harm.Dangerous,
        "It takes a SHARE lock: nobody writes to the table while the index is built, which grows with the table.",
        "In a file of its own: CREATE INDEX CONCURRENTLY {name} ON {table} (...);"
    );

    public static readonly LintRule DropIndexNotConcurrent = new(
        "drop-index-not-concurrent",
        Harm.Dangerous,
        "It takes an ACCESS EXCLUSIVE lock on the table and waits for everybody who reads it; whoever comes later waits behind it.",
        "In a file of its own: DROP INDEX CONCURRENTLY {name};"
    );

    public static readonly LintRule ReindexNotConcurrent = new(
        "reindex-not-concurrent",
        Harm.Dangerous,
        "It takes a SHARE lock on the table and an ACCESS EXCLUSIVE one on the index until it is built anew.",
        "In a file of its own: REINDEX ... CONCURRENTLY {name};"
    );

    public static readonly LintRule ConcurrentNotAlone = new(
        "concurrent-not-alone",
        Harm.Dangerous,
        "What is done CONCURRENTLY is refused within a transaction, and the statements of a file run in one.",
        "Move it to a file of its own; that is run without a transaction."
    );

    public static readonly LintRule NotNullWithoutDefault = new(
        "not-null-without-default",
        Harm.Dangerous,
        "It fails as soon as the table has a row, and the live release does not fill the column in.",
        "ALTER TABLE {table} ADD COLUMN {column} ...; (null at first) Fill it in batches, then CHECK ({column} IS NOT NULL) NOT VALID and VALIDATE it."
    );

    public static readonly LintRule VolatileDefault = new(
        "volatile-default",
        Harm.Dangerous,
        "Every row is given a value of its own, so the whole table is written anew under an ACCESS EXCLUSIVE lock: nobody even reads it.",
        "ALTER TABLE {table} ADD COLUMN {column} ...; then ALTER COLUMN {column} SET DEFAULT ...; then fill it in batches."
    );

    public static readonly LintRule StoredColumn = new(
        "stored-column",
        Harm.Dangerous,
        "The value of every row is reckoned and stored: the whole table is written anew under an ACCESS EXCLUSIVE lock.",
        "Add a plain column {column}, fill it by a trigger or by the app, and the older rows in batches."
    );

    public static readonly LintRule SerialColumn = new(
        "serial-column",
        Harm.Dangerous,
        "Every row is given a number, so the whole table is written anew under an ACCESS EXCLUSIVE lock.",
        "ALTER TABLE {table} ADD COLUMN {column} bigint; CREATE SEQUENCE ...; SET DEFAULT nextval(...); fill it in batches."
    );

    public static readonly LintRule SetNotNull = new(
        "set-not-null",
        Harm.Dangerous,
        "The whole table is read under an ACCESS EXCLUSIVE lock: nobody reads or writes it meanwhile.",
        "ALTER TABLE {table} ADD CONSTRAINT {name}_set CHECK ({column} IS NOT NULL) NOT VALID; in a later file: VALIDATE CONSTRAINT {name}_set; then SET NOT NULL, which reads nothing any more."
    );

    public static readonly LintRule TypeChange = new(
        "type-change",
        Harm.Dangerous,
        "The whole table and its indexes are written anew under an ACCESS EXCLUSIVE lock, and the live release reads the older type.",
        "Expand: add a column of the new type, let the app write both, fill it in batches, read the new one; contract: drop {column} in a .contract.sql file."
    );

    public static readonly LintRule TypeNarrowed = new(
        "type-narrowed",
        Harm.Irreversible,
        "Values that do not fit make it fail or are cut, and the whole table is written anew under an ACCESS EXCLUSIVE lock.",
        "Keep the wider type and add CHECK (...) NOT VALID for what is new, then VALIDATE it; narrow in a new column if it must be."
    );

    public static readonly LintRule ForeignKey = new(
        "foreign-key-checked-at-once",
        Harm.Dangerous,
        "Both tables are locked against writes (SHARE ROW EXCLUSIVE) while every row is looked up.",
        "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (...) REFERENCES ... NOT VALID; in a later file: ALTER TABLE {table} VALIDATE CONSTRAINT {name};"
    );

    public static readonly LintRule CheckConstraint = new(
        "check-checked-at-once",
        Harm.Dangerous,
        "Every row is read under an ACCESS EXCLUSIVE lock: nobody reads or writes the table meanwhile.",
        "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (...) NOT VALID; in a later file: ALTER TABLE {table} VALIDATE CONSTRAINT {name};"
    );

    public static readonly LintRule ValidatedAtOnce = new(
        "validated-with-its-constraint",
        Harm.Dangerous,
        "Adding the constraint takes a strong lock, and it is held until the end of the transaction: NOT VALID has won nothing.",
        "Move VALIDATE CONSTRAINT {name} to a later file."
    );

    public static readonly LintRule UniqueConstraint = new(
        "unique-builds-index",
        Harm.Dangerous,
        "Its index is built under an ACCESS EXCLUSIVE lock: nobody reads or writes the table meanwhile.",
        "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} (...); in a later file: ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name};"
    );

    public static readonly LintRule PrimaryKey = new(
        "primary-key-builds-index",
        Harm.Dangerous,
        "Its index is built, and every row read for nulls, under an ACCESS EXCLUSIVE lock.",
        "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} (...); in a later file: ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name};"
    );

    public static readonly LintRule Exclusion = new(
        "exclusion-builds-index",
        Harm.Dangerous,
        "Its index is built under an ACCESS EXCLUSIVE lock, and there is no way to build it beforehand.",
        "Make it on a new table and move rows there in batches, or in a maintenance window."
    );

    public static readonly LintRule ColumnDropped = new(
        "column-dropped",
        Harm.Irreversible,
        "The live release still reads {column}, and so does the one before that a rollback brings back; what it held is gone.",
        "First release code that does not name it. Put the statement in a file that ends in .contract.sql: it runs with the next release, after a backup."
    );

    public static readonly LintRule TableDropped = new(
        "table-dropped",
        Harm.Irreversible,
        "The live release still reads it, and so does the one before that a rollback brings back; what it held is gone.",
        "First release code that does not name it. Put the statement in a file that ends in .contract.sql: it runs with the next release, after a backup."
    );

    public static readonly LintRule ThingDropped = new(
        "dropped-while-in-use",
        Harm.Dangerous,
        "The live release may still use it, and so may the one before that a rollback brings back.",
        "First release code that does not name it. Put the statement in a file that ends in .contract.sql: it runs with the next release."
    );

    public static readonly LintRule ColumnRenamed = new(
        "column-renamed",
        Harm.Dangerous,
        "The live release asks for the old name until it is replaced, and a rollback asks for it again.",
        "Expand: add the new column and let a trigger keep both the same, fill it in batches, release code that reads it; contract: drop {column} in a .contract.sql file."
    );

    public static readonly LintRule TableRenamed = new(
        "table-renamed",
        Harm.Dangerous,
        "The live release asks for the old name until it is replaced, and a rollback asks for it again.",
        "In one transaction: rename, and CREATE VIEW {table} AS SELECT * FROM the new name; drop the view in a .contract.sql file. Allow this rule there."
    );

    public static readonly LintRule Truncated = new(
        "truncate",
        Harm.Irreversible,
        "All rows are gone for good, under an ACCESS EXCLUSIVE lock.",
        "Delete in batches what nobody needs: -- fairlead: batch 1000, and DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE ... LIMIT 1000)"
    );

    public static readonly LintRule AllRows = new(
        "all-rows-at-once",
        Harm.Dangerous,
        "Every row is locked until the end of the transaction, the table grows to twice its size, and replicas fall behind.",
        "In a file of its own, with the line -- fairlead: batch: UPDATE {table} SET ... WHERE ctid IN (SELECT ctid FROM {table} WHERE ... LIMIT 1000); it is done again and again until no row is left."
    );

    public static readonly LintRule LockTable = new(
        "lock-table",
        Harm.Dangerous,
        "Whoever wants the table waits until the end of the transaction.",
        "Leave it out: statements take the locks that they need, for as short as they can."
    );

    public static readonly LintRule Rewritten = new(
        "table-rewritten",
        Harm.Dangerous,
        "The whole table is written anew under an ACCESS EXCLUSIVE lock: nobody even reads it.",
        "Plain VACUUM holds nobody up; to give space back, use pg_repack, or do it in a maintenance window."
    );

    public static readonly LintRule TriggersOff = new(
        "triggers-off",
        Harm.Dangerous,
        "What triggers keep true (foreign keys among it) is not kept for anybody until they are on again, under a SHARE ROW EXCLUSIVE lock.",
        "For one session of a load: SET LOCAL session_replication_role = replica;"
    );

    public static readonly LintRule PartitionScanned = new(
        "partition-scanned",
        Harm.Dangerous,
        "Every row of it is read under a lock, unless a constraint proves that they belong there.",
        "Before it, in an earlier file: ADD CONSTRAINT ... CHECK (the bounds) NOT VALID, and VALIDATE it. Then allow this rule here."
    );

    public static readonly LintRule PartitionDetached = new(
        "partition-detached",
        Harm.Dangerous,
        "It takes an ACCESS EXCLUSIVE lock on the whole partitioned table.",
        "In a file of its own: ALTER TABLE {table} DETACH PARTITION ... CONCURRENTLY;"
    );

    public static readonly LintRule ViewRefreshed = new(
        "view-refreshed",
        Harm.Dangerous,
        "Nobody reads the view while it is filled (ACCESS EXCLUSIVE).",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY {name}; it needs a unique index."
    );

    public static readonly LintRule NoTimeLimit = new(
        "no-time-limit",
        Harm.Dangerous,
        "Without a limit a statement that waits for its lock lets everybody wait behind it, for as long as it takes.",
        "Leave it out: the runner sets lock_timeout and statement_timeout, as the manifest says."
    );

    public static readonly LintRule OwnTransaction = new(
        "own-transaction",
        Harm.Risky,
        "The runner puts each file in one transaction together with the note that it was done; a COMMIT within would part the two.",
        "Leave BEGIN and COMMIT out, or part the file."
    );

    public static readonly LintRule Cascade = new(
        "cascade",
        Harm.Irreversible,
        "It also drops what depends on it, which nobody has listed.",
        "Name what goes, each in a statement of its own."
    );

    public static readonly LintRule SmallKey = new(
        "small-key",
        Harm.Risky,
        "It ends at 2147483647, and to widen it later the whole table is written anew.",
        "{column} bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    );

    public static readonly LintRule MysqlCopies = new(
        "mysql-algorithm-unsaid",
        Harm.Dangerous,
        "Where MySQL cannot change the table in place it copies all of it, and nobody writes meanwhile; without the words it does so silently.",
        "Add: , ALGORITHM=INPLACE, LOCK=NONE (or ALGORITHM=INSTANT). MySQL then refuses instead of copying; where it refuses, use gh-ost or pt-online-schema-change."
    );
}
