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

    /// <param name="url">As it is written; null where it is not.</param>
    public static Problem NoModule(string source, string path, string? url, string why) =>
        new(
            "git.submodule",
            What: $"The submodule '{Plain(path)}' of '{source}' is not fetched.",
            Why: $"{(url is null ? "" : $"{Plain(url)}: ")}{why}.",
            Fix: "Submodules come from the source's own host. Name another: fairlead source add --submodule-host HOST; or see the commit that is pinned."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    /// <param name="errors">What git-lfs says; null where it is not asked.</param>
    public static Problem Pointers(string source, IReadOnlyList<string> paths, int count, string? errors) =>
        new(
            "git.lfs",
            What: $"{(count == 1 ? "A file" : $"{count} files")} of '{source}' would be deployed as Git LFS pointers: {string.Join(", ", paths.Select(Plain))}{(count > paths.Count ? " and more" : "")}.",
            Why: errors is null
                ? "What they stand for is kept elsewhere, and only their pointers are in the commit."
                : $"What they stand for is not given: {Last(errors)}",
            Fix: errors is null
                ? "Install git-lfs for the server (apt-get install git-lfs), or keep these files in the repository itself: git lfs migrate export --include PATH"
                : "See that they were pushed (git lfs push --all origin), and that the source's token may read them."
        )
        {
            Evidence = errors is null ? [] : Lines(errors),
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

    private static string Plain(string text) =>
        string.Concat(text.Where(static letter => !char.IsControl(letter)).Take(200));

    private static string Last(string errors) => Lines(errors) is [.., var last] ? last : "git says nothing of why.";

    private static string[] Lines(string errors) =>
        [
            .. errors
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => string.Concat(line.Where(static letter => !char.IsControl(letter))))
                .TakeLast(EvidenceLinesMax),
        ];
}
