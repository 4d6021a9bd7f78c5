using System.Globalization;
using Fairlead.Engine.Data.Sql;

namespace Fairlead.Engine.Data.Linting;

/// <summary>What becomes of a column's values when its type is changed.</summary>
internal enum TypeStep
{
    /// <summary>Nothing is written anew and nothing is lost.</summary>
    Free,

    /// <summary>All is written anew, or nobody knows.</summary>
    Rewrites,

    /// <summary>Not every value fits.</summary>
    Narrows,
}

/// <summary>Types of columns as PostgreSQL changes them.</summary>
internal static class SqlTypes
{
    private static readonly string[] Integers = ["smallint", "integer", "bigint"];

    /// <summary>The type that comes next, in PostgreSQL's own words, such as <c>varchar(100)</c> or <c>integer[]</c>.</summary>
    public static string Read(SqlCursor cursor)
    {
        var word = cursor.Name() ?? "";
        if (word == "double")
        {
            cursor.Take("precision");
        }
        if (word == "character")
        {
            word = cursor.Take("varying") ? "varchar" : "char";
        }
        var bounds = string.Concat(cursor.Brackets().Select(static one => one.Text));
        var zoned = cursor.Take("with", "time", "zone");
        cursor.Take("without", "time", "zone");
        var name = word switch
        {
            "int" or "int4" => "integer",
            "int8" => "bigint",
            "int2" => "smallint",
            "decimal" => "numeric",
            "timestamptz" => "timestamp with time zone",
            "timestamp" when zoned => "timestamp with time zone",
            "bool" => "boolean",
            _ => word,
        };
        return bounds.Length == 0 ? name : $"{name}({bounds})";
    }

    public static TypeStep Step(string? from, string to)
    {
        if (from is null)
        {
            return TypeStep.Rewrites;
        }
        var (old, oldBounds) = Apart(from);
        var (next, nextBounds) = Apart(to);
        if (from == to)
        {
            return TypeStep.Free;
        }
        if (IsLetters(old) && IsLetters(next))
        {
            return nextBounds is null || (oldBounds is not null && nextBounds[0] >= oldBounds[0])
                ? TypeStep.Free
                : TypeStep.Narrows;
        }
        if (old == "numeric" && next == "numeric")
        {
            return NumericStep(oldBounds, nextBounds);
        }
        var (before, after) = (Array.IndexOf(Integers, old), Array.IndexOf(Integers, next));
        return before >= 0 && after >= 0 && after < before || IsLetters(old) && !IsLetters(next)
            ? TypeStep.Narrows
            : TypeStep.Rewrites;
    }

    private static TypeStep NumericStep(int[]? old, int[]? next) =>
        next is null ? TypeStep.Free
        : old is null ? TypeStep.Narrows
        : Scale(old) == Scale(next) && next[0] >= old[0] ? TypeStep.Free
        : next[0] - Scale(next) < old[0] - Scale(old) || Scale(next) < Scale(old) ? TypeStep.Narrows
        : TypeStep.Rewrites;

    private static int Scale(int[] bounds) => bounds.Length > 1 ? bounds[1] : 0;

    private static bool IsLetters(string type) => type is "varchar" or "text";

    private static (string Name, int[]? Bounds) Apart(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return (type, null);
        }
        var bounds = type[(open + 1)..^1]
            .Split(',')
            .Select(static one => int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .ToArray();
        return (type[..open], bounds);
    }
}
