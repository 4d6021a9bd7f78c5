using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>What stands in the way of somebody who may not.</summary>
internal static class AccessProblems
{
    public static Problem NotAllowed(Principal caller, string what, AccessAnswer ruling) =>
        new(
            "access.not-allowed",
            What: $"{caller.Name} may not do this: {what}.",
            Why: $"{char.ToUpperInvariant(ruling.Because[0])}{ruling.Because[1..]}.",
            Fix: "Ask somebody with the role 'owner' for a grant: fairlead grant add ID --role ROLE"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem NoPolicy(string operation) =>
        new(
            "access.no-policy",
            What: $"'{operation}' is refused to everybody.",
            Why: "Nothing says what it needs, and what nobody said is refused.",
            Fix: "This is a mistake in Fairlead: report it."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem Foreign() =>
        new(
            "access.foreign",
            What: "This would change an app that the caller may not change.",
            Why: "What is asked for is about another app than its caller has a role for.",
            Fix: "See what you may do: fairlead access check"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem Wrong(string code, string what, string why, string fix) =>
        new($"access.{code}", what, why, fix) { Trouble = Trouble.WrongUse };

    public static Problem Unknown(string what, string name, IEnumerable<string> known, string fix) =>
        new(
            "access.unknown",
            What: $"There is no {what} '{name}'.",
            Why: known.Take(20).ToList() is { Count: > 0 } some
                ? $"There are: {string.Join(", ", some)}."
                : "There is none at all.",
            Fix: fix
        )
        {
            Trouble = Trouble.NotFound,
        };
}
