using Fairlead.Engine.Data.Sql;

namespace Fairlead.Engine.Data.Linting;

/// <summary>Looks at statements as MySQL and MariaDB do them: their own way to lock, and the same ways to break what is live.</summary>
internal sealed class MysqlLint(LintMemory memory, Action<LintFinding> found)
{
    private static readonly string[] Copying = ["modify", "change", "convert", "engine", "order"];

    public void Look(SqlStatement statement)
    {
        var cursor = new SqlCursor(statement.Tokens);
        if (cursor.Take("alter", "table"))
        {
            Alter(cursor, statement.Line);
        }
        else if (statement.StartsWith("create", "index") || statement.StartsWith("create", "unique", "index"))
        {
            CreateIndex(new(statement.Tokens), statement.Line);
        }
        else if (!statement.StartsWith("drop", "index"))
        {
            new StatementLint(memory, found).Look(statement);
        }
    }

    private void CreateIndex(SqlCursor cursor, int line)
    {
        cursor.Pass("create", "unique", "index");
        var name = cursor.Name() ?? "";
        cursor.Take("on");
        var table = cursor.Name() ?? "";
        if (!cursor.Has("algorithm") && !memory.IsNew(table))
        {
            found(LintRules.MysqlCopies.At(line, $"The index {name} is built on {table}.", table, name: name));
        }
    }

    private void Alter(SqlCursor cursor, int line)
    {
        if (cursor.Name() is not { } table || memory.IsNew(table))
        {
            return;
        }
        var isSaid = cursor.Has("algorithm");
        foreach (var part in cursor.Parts())
        {
            var action = new SqlCursor(part);
            if (
                action.Take("drop")
                && !action.Take("index")
                && !action.Take("key")
                && !action.Take("constraint")
                && !action.Take("foreign")
            )
            {
                action.Take("column");
                var column = action.Name() ?? "";
                found(LintRules.ColumnDropped.At(line, $"The column {column} of {table} is dropped.", table, column));
            }
            else if (action.Take("rename", "column") || action.Take("change"))
            {
                action.Take("column");
                var column = action.Name() ?? "";
                if (action.Take("to") || action.Name() != column)
                {
                    found(
                        LintRules.ColumnRenamed.At(line, $"The column {column} of {table} is renamed.", table, column)
                    );
                }
            }
            else if (action.Take("rename"))
            {
                found(LintRules.TableRenamed.At(line, $"The table {table} is renamed.", table));
            }
            if (!isSaid && part.Count > 0 && (Copying.Contains(part[0].Text) || part[0].Is("add")))
            {
                found(LintRules.MysqlCopies.At(line, $"{table} is changed.", table));
                isSaid = true; // Once for the statement.
            }
        }
    }
}
