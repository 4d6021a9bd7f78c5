using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Secrets;

/// <summary>What can be wrong with secrets, in words that hold none.</summary>
internal static class SecretProblems
{
    public static Problem Unknown(Site site, string name) =>
        new(
            "secret.unknown",
            What: $"{site} has no secret {name}.",
            Why: "None of that name was set, or it was removed.",
            Fix: $"See what there is: fairlead secret list --app {site.App} --env {site.Environment}"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem Missing(Site site, string name, IReadOnlyList<string> services) =>
        new(
            "secret.missing",
            What: services.Count == 0
                ? $"The secret {name} of {site} has no value."
                : $"The secret {name}, which {string.Join(" and ", services)} of {site} needs, has no value.",
            Why: "Nothing is started without all of its secrets.",
            Fix: $"fairlead secret set {name} --app {site.App} --env {site.Environment} < FILE"
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    public static Problem Retired(SecretVersion version) =>
        new(
            "secret.retired",
            What: $"{version} has no value any more.",
            Why: "It was retired: once nothing can be started with a version, its value is destroyed.",
            Fix: $"Set the value again as a new version: fairlead secret set {version.Name}"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Full(int max) =>
        new(
            "secret.too-many",
            What: "No more secrets are taken.",
            Why: $"There are {max}, the most that one Fairlead keeps.",
            Fix: "Remove some that nobody uses: fairlead secret list"
        );

    public static Problem WrongReference(string from, IEnumerable<string> kinds) =>
        new(
            "secret.wrong-reference",
            What: $"'{from}' is no place where a secret is kept.",
            Why: $"It takes KIND:PATH or KIND:PATH#FIELD, and KIND is one of: {string.Join(", ", kinds)}.",
            Fix: "Write for example: --from vault:secret/data/shop#password"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NoRotator(string with, IEnumerable<string> kinds) =>
        new(
            "secret.no-rotator",
            What: $"Nothing rotates secrets with '{with}'.",
            Why: $"There are: {string.Join(", ", kinds)}.",
            Fix: "Write for example: --with random"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NoKey(string id) =>
        new(
            "secret.no-key",
            What: $"Secrets cannot be opened: the master key {id} is not known.",
            Why: "They are under it, but the store has no note of it.",
            Fix: "Restore the store and the keys from the same backup."
        );
}
