using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>What conditions ask that is known here, though not by its value: whose repository it is.</summary>
internal static class GitHubGuards
{
    /// <summary>A condition that always holds is none.</summary>
    public static string? Left(string? condition) => condition is "true" ? null : condition;

    /// <summary>Says that the repository counts as the one that is named.</summary>
    public static void Say(Node? condition, TranslationNotes notes)
    {
        if (Foreign.Text(condition)?.Contains("github.repository", StringComparison.OrdinalIgnoreCase) == true)
        {
            notes.Approximated(
                condition!,
                "Its condition asks whose repository it is.",
                "It counts as the one that is named: a pipeline here is of one repository, and forks have none."
            );
        }
    }
}
