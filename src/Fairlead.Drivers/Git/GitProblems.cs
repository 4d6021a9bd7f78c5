using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Git;

/// <summary>What goes wrong with repositories.</summary>
internal static class GitProblems
{
    private const int EvidenceLinesMax = 10;

    private static readonly string[] Refusals =
    [
        "Authentication failed",
        "could not read Username",
        "could not read Password",
        "Permission denied",
        "error: 401",
        "error: 403",
        "not found",
        "does not exist",
    ];

    public static Problem NotFetched(string source, string url, string errors) =>
        Array.Exists(Refusals, one => errors.Contains(one, StringComparison.OrdinalIgnoreCase))
            ? new Problem(
                "git.refused",
                What: $"The repository of '{source}' is not given to Fairlead.",
                Why: $"{url} says that it is not there, or not for this caller: {Last(errors)}",
                Fix: $"See its address, and that its token may read it: fairlead source list. Set another: fairlead secret set GIT_TOKEN --app APP"
            )
            {
                Trouble = Trouble.NotAllowed,
                Evidence = Lines(errors),
            }
            : new Problem(
                "git.unreachable",
                What: $"The repository of '{source}' cannot be reached.",
                Why: $"{url}: {Last(errors)}",
                Fix: "It is tried again at the next look. See that the address is right: fairlead source list"
            )
            {
                Trouble = Trouble.Unreachable,
                Evidence = Lines(errors),
            };

    public static Problem NotThere(string source, string host, string why) =>
        new(
            "git.unreachable",
            What: $"The repository of '{source}' cannot be reached.",
            Why: $"{host} is not asked: {why}",
            Fix: "Where it stands on this machine or in its network, say so: fairlead source add --inside"
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem TooSlow(string source, TimeSpan limit) =>
        new(
            "git.timed-out",
            What: $"The repository of '{source}' was not read in time.",
            Why: $"git took longer than {limit.TotalMinutes:0} minutes.",
            Fix: "It is tried again at the next look. A smaller repository is quicker."
        )
        {
            Trouble = Trouble.TimedOut,
        };

    public static Problem TooMuch(string source, string what) =>
        new(
            "git.too-large",
            What: $"The repository of '{source}' is too large.",
            Why: $"{what}.",
            Fix: "Take out of it what is not source, such as archives and pictures."
        );

    public static Problem NoCommit(string source, string commit) =>
        new(
            "git.no-commit",
            What: $"The commit {commit} is not in the mirror of '{source}'.",
            Why: "It was taken out of the repository, or never was in one of its branches.",
            Fix: $"Look at the repository anew: fairlead source sync {source}"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem NoFolder(string source, string folder, string why) =>
        new(
            "git.no-folder",
            What: $"The repository of '{source}' has no folder '{folder}'.",
            Why: why,
            Fix: "Say where the manifest is: fairlead source add --folder apps/shop"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem Failed(string source, string what, string errors) =>
        new(
            "git.failed",
            What: $"The mirror of '{source}' cannot be read: {what}.",
            Why: Last(errors),
            Fix: $"Make it anew: fairlead source sync {source} --anew"
        )
        {
            Evidence = Lines(errors),
        };

    private static string Last(string errors) => Lines(errors) is [.., var last] ? last : "git says nothing of why.";

    private static string[] Lines(string errors) =>
        [
            .. errors
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => string.Concat(line.Where(static letter => !char.IsControl(letter))))
                .TakeLast(EvidenceLinesMax),
        ];
}
