using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking;

/// <summary>Reads <c>fairlead.checks.yaml</c>; a folder without one says nothing.</summary>
internal static class ChecksReader
{
    /// <exception cref="ProblemException">It has findings: all of them, in the order of the file.</exception>
    public static ChecksFile Read(IFileTree tree) =>
        tree.ReadText(ChecksFile.Name) is { } text && !string.IsNullOrWhiteSpace(text) ? Read(text) : new();

    /// <inheritdoc cref="Read(IFileTree)"/>
    public static ChecksFile Read(string text)
    {
        var findings = new Findings(ChecksFile.Name);
        var root = YamlReader.Read(text, findings);
        var written = root is null ? null : AllForms.Checks.Read(root, findings) as ChecksFile;
        findings.ThrowIfAny();
        return written ?? new();
    }
}
