namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Compares what callers must prove.</summary>
internal static class SecurityDiff
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Nothing =
        new Dictionary<string, IReadOnlyList<string>>();

    public static void Compare(ApiOperation was, ApiOperation now, ApiChanges changes)
    {
        var old = was.Security.Count == 0 ? [Nothing] : was.Security;
        var next = now.Security.Count == 0 ? [Nothing] : now.Security;
        var refused = old.Where(one => !next.Any(other => IsEnough(one, other))).ToList();
        if (refused.Count > 0)
        {
            changes.Add(
                Impact.Breaking,
                "security-tightened",
                now.ToString(),
                (
                    $"{Text(refused[0])} is not enough any more.",
                    $"Callers need {string.Join(", or ", next.Select(Text))}.",
                    now.Written.Place
                )
            );
        }
        else if (next.Any(one => !old.Any(other => IsEnough(one, other))))
        {
            var isOpen = next.Any(static one => one.Count == 0);
            changes.Add(
                isOpen ? Impact.Risky : Impact.Safe,
                isOpen ? "security-removed" : "security-loosened",
                now.ToString(),
                (
                    isOpen
                        ? "Nobody needs to prove who they are."
                        : $"{string.Join(", or ", next.Select(Text))} is enough.",
                    isOpen ? $"{Text(old[0])} was needed; see that this is meant." : "Callers go on as before.",
                    now.Written.Place
                )
            );
        }
    }

    /// <summary>Whether who can prove the first can do all that the second asks for.</summary>
    private static bool IsEnough(
        IReadOnlyDictionary<string, IReadOnlyList<string>> has,
        IReadOnlyDictionary<string, IReadOnlyList<string>> asked
    ) => asked.All(one => has.TryGetValue(one.Key, out var scopes) && one.Value.All(scopes.Contains));

    private static string Text(IReadOnlyDictionary<string, IReadOnlyList<string>> one) =>
        one.Count == 0
            ? "no proof"
            : string.Join(
                " and ",
                one.Select(static scheme =>
                    scheme.Value.Count == 0 ? scheme.Key : $"{scheme.Key} ({string.Join(", ", scheme.Value)})"
                )
            );
}
