namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>
/// Values that others than the owners of a pipeline choose: whoever names a branch could write commands into a script that the name
/// is filled into. git takes <c>$(id)</c> as a name.
/// </summary>
internal static class Outside
{
    /// <summary>Whether such a value can be a part of what an expression gives.</summary>
    public static bool IsIn(Expression expression) =>
        expression switch
        {
            Expression.Named named => IsName(named.Name),
            Expression.Indexed indexed => IsIn(indexed.Of),
            Expression.Joined joined => joined.Parts.Any(IsIn),
            Expression.Called called => called.Function is "format" or "join" or "toJSON" or "fromJSON" or "case"
                && called.Given.Any(IsIn),
            _ => false,
        };

    /// <summary>The variable that an expression is, when it is nothing else: a script has it already.</summary>
    public static string? Variable(Expression expression) =>
        expression is Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
        && string.Equals(of.Name, "env", StringComparison.OrdinalIgnoreCase)
            ? name.Value.ToString()
            : null;

    /// <summary>What variables hold may come from such a value too.</summary>
    private static bool IsName(string name) =>
        name.ToUpperInvariant() is "BRANCH" or "TAG" or "REF" or "SOURCE" or "TARGET" or "ENV";
}
