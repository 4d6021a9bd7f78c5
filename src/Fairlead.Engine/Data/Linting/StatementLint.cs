using Fairlead.Engine.Data.Sql;

namespace Fairlead.Engine.Data.Linting;

/// <summary>Looks at statements other than ALTER TABLE.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class StatementLint(LintMemory memory, Action<LintFinding> found)
{
    public void Look(SqlStatement statement)
    {
        var cursor = new SqlCursor(statement.Tokens);
        var line = statement.Line;
        if (cursor.Take("create"))
        {
            Create(cursor, line);
        }
        else if (cursor.Take("drop"))
        {
            Drop(cursor, line);
        }
        else if (cursor.Take("alter", "table"))
        {
            new AlterTableLint(memory, found, line).Look(cursor);
        }
        else if (cursor.Take("alter"))
        {
            Alter(cursor, line);
        }
        else if (cursor.Take("set"))
        {
            Set(cursor, line);
        }
        else
        {
            Rows(cursor, line);
            Upkeep(cursor, line);
        }
    }

    private void Create(SqlCursor cursor, int line)
    {
        cursor.Pass("or", "replace", "global", "local", "temporary", "temp", "unlogged");
        var isUnique = cursor.Take("unique");
        if (cursor.Take("index"))
        {
            CreateIndex(cursor, isUnique, line);
        }
        else if (cursor.Take("table") || cursor.Take("foreign", "table"))
        {
            cursor.Take("if", "not", "exists");
            if (cursor.Name() is { } table)
            {
                memory.Create(table);
                new ColumnLint(memory, found, line).Declared(table, new(cursor.Brackets()));
            }
        }
        else if (cursor.Take("materialized", "view") || cursor.Take("view"))
        {
            cursor.Take("if", "not", "exists");
            if (cursor.Name() is { } view)
            {
                memory.Create(view);
            }
        }
    }

    private void CreateIndex(SqlCursor cursor, bool isUnique, int line)
    {
        var isConcurrent = cursor.Take("concurrently");
        cursor.Take("if", "not", "exists");
        var name = cursor.Take("on") ? "" : cursor.Name() ?? "";
        if (name.Length > 0)
        {
            cursor.Take("on");
        }
        cursor.Take("only");
        var table = cursor.Name() ?? "";
        if (!isConcurrent && !memory.IsNew(table))
        {
            var rule = LintRules.IndexNotConcurrent;
            found(
                rule.At(line, $"The {(isUnique ? "unique " : "")}index {name} is built on {table}.", table, name: name)
            );
        }
    }

    private void Drop(SqlCursor cursor, int line)
    {
        if (cursor.Take("index"))
        {
            if (!cursor.Take("concurrently"))
            {
                cursor.Take("if", "exists");
                var name = cursor.Name() ?? "";
                found(LintRules.DropIndexNotConcurrent.At(line, $"The index {name} is dropped.", name: name));
            }
            return;
        }
        var kind = cursor.Take("materialized", "view") ? "view" : cursor.Next()?.Text ?? "";
        cursor.Take("if", "exists");
        foreach (var part in cursor.Parts())
        {
            var name = new SqlCursor(part).Name() ?? "";
            if (memory.IsNew(name))
            {
                continue;
            }
            switch (kind)
            {
                case "table" or "schema" or "database":
                    found(LintRules.TableDropped.At(line, $"The {kind} {name} is dropped.", name));
                    break;
                case "view"
                or "function"
                or "procedure"
                or "sequence"
                or "type"
                or "domain"
                or "trigger"
                or "extension":
                    found(LintRules.ThingDropped.At(line, $"The {kind} {name} is dropped.", name));
                    break;
            }
        }
        if (cursor.Has("cascade"))
        {
            found(LintRules.Cascade.At(line, $"A {kind} is dropped with CASCADE."));
        }
    }

    // ALTER INDEX, VIEW, TYPE ... RENAME: asked for by their old names too.
    private void Alter(SqlCursor cursor, int line)
    {
        var kind = cursor.Take("materialized", "view") ? "view" : cursor.Next()?.Text ?? "";
        cursor.Take("if", "exists");
        var name = cursor.Name() ?? "";
        if (kind is "view" or "type" or "function" or "schema" && cursor.Take("rename") && !memory.IsNew(name))
        {
            found(LintRules.TableRenamed.At(line, $"The {kind} {name} is renamed.", name));
        }
    }

    private void Set(SqlCursor cursor, int line)
    {
        cursor.Pass("local", "session");
        if (cursor.Name() is "lock_timeout" or "statement_timeout")
        {
            cursor.Pass("=", "to");
            if (cursor.Next() is { Text: "0" or "default" or "0s" or "0ms" })
            {
                found(LintRules.NoTimeLimit.At(line, "A limit of time is set aside."));
            }
        }
    }

    private void Rows(SqlCursor cursor, int line)
    {
        if (cursor.Take("update"))
        {
            cursor.Take("only");
            var table = cursor.Name() ?? "";
            if (!cursor.Has("where") && !memory.IsNew(table))
            {
                found(LintRules.AllRows.At(line, $"Every row of {table} is changed in one statement.", table));
            }
        }
        else if (cursor.Take("delete", "from"))
        {
            cursor.Take("only");
            var table = cursor.Name() ?? "";
            if (!cursor.Has("where") && !memory.IsNew(table))
            {
                found(LintRules.Truncated.At(line, $"Every row of {table} is deleted.", table));
            }
        }
        else if (cursor.Take("truncate"))
        {
            cursor.Pass("table", "only");
            var table = cursor.Name() ?? "";
            if (!memory.IsNew(table))
            {
                found(LintRules.Truncated.At(line, $"The table {table} is emptied.", table));
            }
        }
    }

    private void Upkeep(SqlCursor cursor, int line)
    {
        if (cursor.Take("reindex"))
        {
            var isConcurrent = cursor.Has("concurrently");
            cursor.Pass("(", ")", "verbose", "concurrently", "index", "table", "schema", "database", "system");
            if (!isConcurrent)
            {
                var name = cursor.Name() ?? "";
                found(LintRules.ReindexNotConcurrent.At(line, $"{name} is indexed anew.", name: name));
            }
        }
        else if (cursor.Take("vacuum") && cursor.Has("full"))
        {
            found(LintRules.Rewritten.At(line, "VACUUM FULL writes tables anew."));
        }
        else if (cursor.Take("cluster"))
        {
            found(LintRules.Rewritten.At(line, "CLUSTER writes tables anew."));
        }
        else if (cursor.Take("lock"))
        {
            found(LintRules.LockTable.At(line, "A table is locked by hand."));
        }
        else if (cursor.Take("refresh", "materialized", "view") && !cursor.Take("concurrently"))
        {
            var name = cursor.Name() ?? "";
            if (!memory.IsNew(name))
            {
                found(LintRules.ViewRefreshed.At(line, $"The view {name} is filled anew.", name: name));
            }
        }
        else if (
            cursor.Take("begin")
            || cursor.Take("commit")
            || cursor.Take("start", "transaction")
            || cursor.Take("rollback")
        )
        {
            found(LintRules.OwnTransaction.At(line, "The file has a transaction of its own."));
        }
    }
}
