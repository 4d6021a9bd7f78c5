namespace Fairlead.Engine.Data.Linting;

/// <summary>Something a migration should not do, said once for all who do it.</summary>
/// <param name="Why">Whom it holds up or breaks.</param>
/// <param name="Recipe">How the same is reached without harm; <c>{table}</c>, <c>{column}</c> and <c>{name}</c> are filled in.</param>
public sealed record LintRule(string Id, Harm Harm, string Why, string Recipe)
{
    internal LintFinding At(int line, string what, string table = "", string column = "", string name = "") =>
        new(
            Harm,
            Id,
            line,
            what,
            Why,
            Recipe
                .Replace("{table}", table, StringComparison.Ordinal)
                .Replace("{column}", column, StringComparison.Ordinal)
                .Replace("{name}", name.Length > 0 ? name : $"{table}_{column}", StringComparison.Ordinal)
        );
}
