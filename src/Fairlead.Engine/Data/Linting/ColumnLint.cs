using Fairlead.Engine.Data.Sql;

namespace Fairlead.Engine.Data.Linting;

/// <summary>Looks at columns as they are declared, in a new table or added to one.</summary>
internal sealed class ColumnLint(LintMemory memory, Action<LintFinding> found, int line)
{
    private static readonly string[] NotColumns =
    [
        "constraint",
        "primary",
        "unique",
        "foreign",
        "check",
        "exclude",
        "like",
    ];

    // Functions of PostgreSQL and its usual extensions that give another value for every row. now() is not among them.
    private static readonly string[] Volatile =
    [
        "gen_random_uuid",
        "uuid_generate_v1",
        "uuid_generate_v1mc",
        "uuid_generate_v4",
        "uuidv4",
        "uuidv7",
        "random",
        "nextval",
        "clock_timestamp",
        "timeofday",
        "gen_random_bytes",
        "txid_current",
    ];

    /// <summary>The columns of CREATE TABLE.</summary>
    public void Declared(string table, SqlCursor body)
    {
        foreach (var part in body.Parts())
        {
            var cursor = new SqlCursor(part);
            if (part.Count < 2 || (part[0].Kind == SqlKind.Word && NotColumns.Contains(part[0].Text)))
            {
                continue;
            }
            var column = cursor.Name()!;
            var type = SqlTypes.Read(cursor);
            memory.Type(
                table,
                column,
                type is "serial" ? "integer"
                    : type is "bigserial" ? "bigint"
                    : type
            );
            if (type is "serial" or "smallserial" or "integer" or "smallint" && cursor.Has("primary", "key"))
            {
                found(
                    LintRules.SmallKey.At(line, $"The key {column} of {table} is of the type {type}.", table, column)
                );
            }
        }
    }

    /// <summary>ALTER TABLE ... ADD COLUMN: the cursor stands at the column's name.</summary>
    public void Added(string table, SqlCursor cursor)
    {
        cursor.Take("if", "not", "exists");
        var column = cursor.Name() ?? "";
        var type = SqlTypes.Read(cursor);
        memory.Type(table, column, type);
        var told = $"The column {column} is added to {table}";
        if (type is "serial" or "bigserial" or "smallserial" || cursor.Has("as", "identity"))
        {
            found(LintRules.SerialColumn.At(line, $"{told}, numbered by itself.", table, column));
        }
        else if (cursor.Has("stored"))
        {
            found(LintRules.StoredColumn.At(line, $"{told}, reckoned from others and stored.", table, column));
        }
        else if (
            cursor.Rest.Any(static one => one.Kind == SqlKind.Word && Volatile.Contains(one.Text))
            && cursor.Has("default")
        )
        {
            found(LintRules.VolatileDefault.At(line, $"{told} with another value for each row.", table, column));
        }
        else if (cursor.Has("not", "null") && !cursor.Has("default"))
        {
            found(
                LintRules.NotNullWithoutDefault.At(
                    line,
                    $"{told}, which may not be null and has no default.",
                    table,
                    column
                )
            );
        }
        if (cursor.Has("primary", "key"))
        {
            found(LintRules.PrimaryKey.At(line, $"{told} as its key.", table, column));
        }
        else if (cursor.Has("unique"))
        {
            found(LintRules.UniqueConstraint.At(line, $"{told} with a unique index.", table, column));
        }
        if (cursor.Has("references"))
        {
            found(LintRules.ForeignKey.At(line, $"{told} with a foreign key.", table, column));
        }
        if (cursor.Has("check"))
        {
            found(LintRules.CheckConstraint.At(line, $"{told} with a check.", table, column));
        }
    }
}
