namespace Fairlead.Engine.Data.Sql;

/// <summary>A file of SQL, taken apart into statements.</summary>
/// <param name="Directives">What comments tell Fairlead: the words after <c>-- fairlead:</c>, for the whole file.</param>
public sealed record SqlScript(IReadOnlyList<SqlStatement> Statements, IReadOnlyList<string> Directives)
{
    /// <summary>A file that cannot be run in one transaction, because of a statement that refuses to be in one or because it says so.</summary>
    public bool RunsAlone =>
        Directives.Contains("no-transaction", StringComparer.Ordinal)
        || Statements.Any(static one => one.RefusesTransactions);
}

/// <summary>One statement.</summary>
/// <param name="Text">As it is written, without the semicolon.</param>
/// <param name="Line">Where it begins, 1 for the first line.</param>
/// <param name="Tokens">At least one.</param>
public sealed record SqlStatement(string Text, int Line, IReadOnlyList<SqlToken> Tokens)
{
    /// <summary>What comments before or within it accept, each as <c>rule</c> with its reason.</summary>
    public IReadOnlyList<SqlAllowance> Allowances { get; init; } = [];

    /// <summary>PostgreSQL does it only outside of a transaction.</summary>
    public bool RefusesTransactions =>
        Tokens.Any(static one => one.Is("concurrently")) && !StartsWith("refresh")
        || StartsWith("vacuum")
        || StartsWith("create", "database")
        || StartsWith("drop", "database")
        || StartsWith("alter", "system");

    /// <summary>Whether it begins with these keywords.</summary>
    public bool StartsWith(params ReadOnlySpan<string> words)
    {
        if (Tokens.Count < words.Length)
        {
            return false;
        }
        for (var index = 0; index < words.Length; index++)
        {
            if (!Tokens[index].Is(words[index]))
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>A rule that somebody accepts to be broken by one statement.</summary>
public sealed record SqlAllowance(string Rule, string Reason);
