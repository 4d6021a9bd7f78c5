using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>A script of a step, and what reads it.</summary>
internal sealed partial record AzureScript(Node Step, string Text, string Shell)
{
    /// <summary>What our shells do by themselves and those of Azure do not: end at the first command that fails.</summary>
    private const string Goes = "set +eo pipefail\n";

    /// <summary>What Azure sets for shells, and what it is here.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["BUILD_SOURCEBRANCH"] = "${{ ref }}",
        ["BUILD_SOURCEVERSION"] = "${{ commit }}",
        ["SYSTEM_PULLREQUEST_SOURCEBRANCH"] = "${{ source }}",
        ["SYSTEM_PULLREQUEST_TARGETBRANCH"] = "${{ target }}",
    };

    public bool IsShell => Shell == "bash";

    public bool NamesFolders => AzureReading.HasStaging(Text) || AzureReading.WithFolders(Text) != Text;

    /// <summary>Variables of Azure that it reads; an empty text for those that are not known here.</summary>
    public IEnumerable<(string Name, string Value)> Reads(AzureVariables variables) =>
        Variable()
            .Matches(Text)
            .Select(static one => one.Groups["name"].Value)
            .Distinct(StringComparer.Ordinal)
            .Where(name => !variables.Env.ContainsKey(name))
            .Select(static name => (name, Known.GetValueOrDefault(name, "")));

    /// <summary>A script of Windows, which has variables between percent signs.</summary>
    public static string ForCmd(string shell, string text) =>
        shell == "cmd" ? Asked().Replace(text, static found => $"%{found.Groups["name"].Value}%") : text;

    /// <summary>As strict as it is there, where only its last command decides.</summary>
    public static string Loose(string text)
    {
        if (AzureStepExport.IsOneCommand(text))
        {
            return text;
        }
        if (
            text.StartsWith(AzureStepExport.Strict, StringComparison.Ordinal)
            && text.Length > AzureStepExport.Strict.Length
        )
        {
            return text[AzureStepExport.Strict.Length..];
        }
        return !text.StartsWith(AzureStepExport.StrictSh, StringComparison.Ordinal) ? Goes + text
            : text.Contains('|', StringComparison.Ordinal) ? $"set +o pipefail\n{text}"
            : text;
    }

    [GeneratedRegex(
        @"\$\{\{ env\.(?<name>[A-Za-z_][A-Za-z0-9_]*) \}\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Asked();

    [GeneratedRegex(
        @"(\$(\{|env:|\{env:)?|%)(?<name>(BUILD|SYSTEM|AGENT|PIPELINE)_[A-Z0-9_]+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Variable();
}
