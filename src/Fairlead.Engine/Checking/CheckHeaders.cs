using System.Text.RegularExpressions;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking;

/// <summary>Headers as a file says them, with the caller's variables put in. What is put in is never shown.</summary>
internal static partial class CheckHeaders
{
    /// <exception cref="ProblemException">A variable is not there, or a header would be two.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(
        IReadOnlyDictionary<string, string>? written,
        Func<string, string?> variable
    ) =>
        [
            .. (written ?? new Dictionary<string, string>()).Select(one =>
                KeyValuePair.Create(one.Key, Fill(one, variable))
            ),
        ];

    private static string Fill(KeyValuePair<string, string> header, Func<string, string?> variable)
    {
        var value = Name()
            .Replace(
                header.Value,
                match =>
                    variable(match.Groups["name"].Value)
                    ?? throw Wrong($"The variable {match.Groups["name"].Value} is not there.", header.Key)
            )
            .Trim();
        return value.Any(char.IsControl) ? throw Wrong("It has more than one line.", header.Key) : value;
    }

    private static ProblemException Wrong(string why, string header) =>
        new(
            new Problem(
                "check.header",
                What: $"The header {header} in {ChecksFile.Name} cannot be sent.",
                Why: why,
                Fix: "Give the variable to the command, such as: API_TOKEN=... fairlead check contract"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );

    [GeneratedRegex(
        @"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Name();
}
