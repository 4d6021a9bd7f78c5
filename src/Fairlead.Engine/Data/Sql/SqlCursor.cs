namespace Fairlead.Engine.Data.Sql;

/// <summary>Walks along the pieces of a statement.</summary>
public sealed class SqlCursor(IReadOnlyList<SqlToken> tokens)
{
    private int at;

    public bool IsAtEnd => at >= tokens.Count;

    /// <summary>What is left.</summary>
    public IReadOnlyList<SqlToken> Rest => [.. tokens.Skip(at)];

    /// <summary>Goes past these keywords if they come next, all of them.</summary>
    public bool Take(params ReadOnlySpan<string> words)
    {
        for (var index = 0; index < words.Length; index++)
        {
            if (at + index >= tokens.Count || !tokens[at + index].Is(words[index]))
            {
                return false;
            }
        }
        at += words.Length;
        return true;
    }

    /// <summary>Goes past each of these keywords that comes next, in any order.</summary>
    public void Pass(params ReadOnlySpan<string> words)
    {
        while (!IsAtEnd && tokens[at].Kind is SqlKind.Word or SqlKind.Symbol && words.Contains(tokens[at].Text))
        {
            at++;
        }
    }

    /// <summary>The next piece; null at the end.</summary>
    public SqlToken? Next() => IsAtEnd ? null : tokens[at++];

    /// <summary>A name such as <c>public.orders</c>, as it is compared: PostgreSQL's usual schema is left out. Null when none comes.</summary>
    public string? Name()
    {
        if (IsAtEnd || tokens[at].Kind is not (SqlKind.Word or SqlKind.Name))
        {
            return null;
        }
        var name = tokens[at++].Text;
        while (at + 1 < tokens.Count && tokens[at].Is(".") && tokens[at + 1].Kind is SqlKind.Word or SqlKind.Name)
        {
            name = name == "public" ? tokens[at + 1].Text : $"{name}.{tokens[at + 1].Text}";
            at += 2;
        }
        return name;
    }

    /// <summary>Whether this keyword comes anywhere in what is left.</summary>
    public bool Has(string word) => tokens.Skip(at).Any(one => one.Is(word));

    /// <summary>Whether these keywords come one after the other anywhere in what is left.</summary>
    public bool Has(string first, string second) =>
        Enumerable
            .Range(at, Math.Max(0, tokens.Count - at - 1))
            .Any(i => tokens[i].Is(first) && tokens[i + 1].Is(second));

    /// <summary>What is left, parted at commas that are in no brackets.</summary>
    public IReadOnlyList<IReadOnlyList<SqlToken>> Parts()
    {
        var (parts, part, depth) = (new List<IReadOnlyList<SqlToken>>(), new List<SqlToken>(), 0);
        foreach (var token in tokens.Skip(at))
        {
            depth +=
                token.Is("(") ? 1
                : token.Is(")") ? -1
                : 0;
            if (depth == 0 && token.Is(","))
            {
                parts.Add(part);
                part = [];
            }
            else
            {
                part.Add(token);
            }
        }
        if (part.Count > 0)
        {
            parts.Add(part);
        }
        return parts;
    }

    /// <summary>What stands between the brackets that come next; empty when none do.</summary>
    public IReadOnlyList<SqlToken> Brackets()
    {
        if (!Take("("))
        {
            return [];
        }
        var (inside, depth) = (new List<SqlToken>(), 1);
        while (Next() is { } token)
        {
            depth +=
                token.Is("(") ? 1
                : token.Is(")") ? -1
                : 0;
            if (depth == 0)
            {
                break;
            }
            inside.Add(token);
        }
        return inside;
    }
}
