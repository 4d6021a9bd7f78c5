using System.Text.RegularExpressions;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Whether a tool is the one that is asked for.</summary>
internal static partial class Versions
{
    /// <param name="said">What the tool says of itself, such as <c>v22.1.0</c> or <c>go version go1.22.1 linux/amd64</c>.</param>
    /// <param name="wanted">Such as <c>22</c>, <c>22.x</c> or <c>3.11</c>; empty for any.</param>
    public static bool Fit(string said, string wanted)
    {
        var asked = Number().Match(wanted).Value;
        if (asked.Length == 0)
        {
            return true;
        }
        var found = Number().Match(said).Value;
        return found == asked || found.StartsWith(asked + ".", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)*", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
