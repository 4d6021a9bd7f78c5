using Fairlead.Engine.Data.Sql;

namespace Fairlead.Engine.Data.Linting;

/// <summary>Looks at the actions of one ALTER TABLE.</summary>
internal sealed class AlterTableLint(LintMemory memory, Action<LintFinding> found, int line)
{
    private static readonly string[] ConstraintWords = ["foreign", "check", "unique", "primary", "exclude"];

    public void Look(SqlCursor cursor)
    {
        cursor.Take("if", "exists");
        cursor.Take("only");
        if (cursor.Name() is not { } table)
        {
            return;
        }
        cursor.Take("*");
        foreach (var part in cursor.Parts())
        {
            Action(table, new(part));
        }
    }

    private void Action(string table, SqlCursor action)
    {
        var isNew = memory.IsNew(table);
        if (action.Take("add"))
        {
            Add(table, action, isNew);
        }
        else if (action.Take("validate", "constraint"))
        {
            Validate(table, action.Name() ?? "");
        }
        else if (!isNew)
        {
            Change(table, action);
        }
    }

    private void Add(string table, SqlCursor action, bool isNew)
    {
        var name = action.Take("constraint") ? action.Name() ?? "" : "";
        var isConstraint =
            name.Length > 0 || ConstraintWords.Any(word => action.Rest is [var first, ..] && first.Is(word));
        if (!isConstraint)
        {
            action.Take("column");
            if (!isNew)
            {
                new ColumnLint(memory, found, line).Added(table, action);
            }
            return;
        }
        if (action.Has("not", "valid"))
        {
            memory.AddedUnchecked(table, name, NotNullColumn(action));
        }
        else if (!isNew)
        {
            Constraint(table, name, action);
        }
    }

    private void Constraint(string table, string name, SqlCursor action)
    {
        var told = $"The constraint {(name.Length > 0 ? name + " " : "")}is added to {table}";
        if (action.Take("foreign"))
        {
            found(LintRules.ForeignKey.At(line, $"{told} and checked at once.", table, name: name));
        }
        else if (action.Take("check"))
        {
            found(LintRules.CheckConstraint.At(line, $"{told} and checked at once.", table, name: name));
        }
        else if (action.Take("exclude"))
        {
            found(LintRules.Exclusion.At(line, $"{told} with an index.", table, name: name));
        }
        else if (!action.Has("using", "index"))
        {
            var rule = action.Take("primary") ? LintRules.PrimaryKey : LintRules.UniqueConstraint;
            found(rule.At(line, $"{told} with an index.", table, name: name));
        }
    }

    private void Validate(string table, string name)
    {
        if (memory.IsAddedHere(table, name))
        {
            found(
                LintRules.ValidatedAtOnce.At(
                    line,
                    $"{name} of {table} is validated in the file that adds it.",
                    table,
                    name: name
                )
            );
        }
        memory.Validated(table, name);
    }

    private void Change(string table, SqlCursor action)
    {
        if (action.Take("drop"))
        {
            Drop(table, action);
        }
        else if (action.Take("rename"))
        {
            Rename(table, action);
        }
        else if (action.Take("alter"))
        {
            action.Take("column");
            Alter(table, action.Name() ?? "", action);
        }
        else if (action.Take("set", "tablespace") || action.Take("set", "logged") || action.Take("set", "unlogged"))
        {
            found(LintRules.Rewritten.At(line, $"{table} is written anew elsewhere.", table));
        }
        else if (action.Take("disable", "trigger"))
        {
            found(LintRules.TriggersOff.At(line, $"Triggers of {table} are set aside.", table));
        }
        else if (action.Take("attach", "partition"))
        {
            found(LintRules.PartitionScanned.At(line, $"A partition is attached to {table}.", table));
        }
        else if (action.Take("detach", "partition") && !action.Has("concurrently"))
        {
            found(LintRules.PartitionDetached.At(line, $"A partition is detached from {table}.", table));
        }
    }

    private void Drop(string table, SqlCursor action)
    {
        if (action.Take("constraint"))
        {
            return; // What was true stays true; only new rows are freer.
        }
        action.Take("column");
        action.Take("if", "exists");
        var column = action.Name() ?? "";
        found(LintRules.ColumnDropped.At(line, $"The column {column} of {table} is dropped.", table, column));
        if (action.Take("cascade"))
        {
            found(LintRules.Cascade.At(line, $"The column {column} of {table} is dropped with CASCADE."));
        }
    }

    private void Rename(string table, SqlCursor action)
    {
        if (action.Take("to"))
        {
            found(LintRules.TableRenamed.At(line, $"The table {table} is renamed to {action.Name()}.", table));
        }
        else if (!action.Take("constraint"))
        {
            action.Take("column");
            var column = action.Name() ?? "";
            found(LintRules.ColumnRenamed.At(line, $"The column {column} of {table} is renamed.", table, column));
        }
    }

    private void Alter(string table, string column, SqlCursor action)
    {
        if (action.Take("set", "not", "null"))
        {
            if (!memory.IsProvenNotNull(table, column))
            {
                found(
                    LintRules.SetNotNull.At(
                        line,
                        $"The column {column} of {table} may not be null any more.",
                        table,
                        column
                    )
                );
            }
        }
        else if (action.Take("type") || action.Take("set", "data", "type"))
        {
            var next = SqlTypes.Read(action);
            var old = memory.TypeOf(table, column);
            var rule = SqlTypes.Step(old, next) switch
            {
                TypeStep.Rewrites => LintRules.TypeChange,
                TypeStep.Narrows => LintRules.TypeNarrowed,
                _ => null,
            };
            memory.Type(table, column, next);
            if (rule is not null)
            {
                found(
                    rule.At(
                        line,
                        $"The column {column} of {table} becomes {next}{(old is null ? "" : $"; it was {old}")}.",
                        table,
                        column
                    )
                );
            }
        }
        else if (action.Take("add", "generated"))
        {
            found(
                LintRules.SerialColumn.At(line, $"The column {column} of {table} is numbered by itself.", table, column)
            );
        }
    }

    // CHECK (email IS NOT NULL) and nothing else.
    private static string? NotNullColumn(SqlCursor action)
    {
        var cursor = new SqlCursor(action.Rest);
        if (!cursor.Take("check"))
        {
            return null;
        }
        var inside = new SqlCursor(cursor.Brackets());
        return inside.Name() is { } column && inside.Take("is", "not", "null") && inside.IsAtEnd ? column : null;
    }
}
