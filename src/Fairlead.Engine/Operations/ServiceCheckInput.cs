using System.ComponentModel;
using Fairlead.Engine.Checking;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>What all checks of a running service take.</summary>
public abstract record ServiceCheckInput
{
    [Description("Where the service is, such as http://127.0.0.1:8080/; as fairlead.checks.yaml says when left out.")]
    [Positional]
    public string? Url { get; init; }

    [Description("Folder with the fairlead.checks.yaml, and with what it names.")]
    [Folder]
    public required string Folder { get; init; }

    [Description(
        "Ask here what fairlead.checks.yaml says to ask elsewhere, such as http://127.0.0.1:41317; paths stay as they are."
    )]
    public string? At { get; init; }

    [Description("A host beside this machine that may be asked.")]
    public IReadOnlyList<string>? Host { get; init; }

    [Description("A file for CI systems as well: .xml in JUnit's form, .sarif in SARIF.")]
    public string? Report { get; init; }

    /// <summary>The address to ask.</summary>
    /// <param name="written">As the file says it; null where it says none.</param>
    /// <param name="check">The check's name, for whoever has to name an address.</param>
    /// <exception cref="ProblemException">There is none, it is no address, or nobody said that it may be asked.</exception>
    internal Uri Address(ChecksFile file, string? written, string check)
    {
        IReadOnlyList<string> hosts = [.. file.Hosts ?? [], .. Host ?? []];
        if (At is null)
        {
            return CheckedUrl.Read(Url ?? written ?? throw NoUrl(check), hosts);
        }
        var place = CheckedUrl.Read(At, hosts);
        return (Url ?? written) is { } text ? new(place, CheckedUrl.Parse(text).PathAndQuery) : place;
    }

    private static ProblemException NoUrl(string check) =>
        CheckOpenApi.Wrong(
            "check.no-url",
            "Nothing says which service is checked.",
            $"None was named, and {ChecksFile.Name} names none.",
            $"Name it: fairlead check {check} http://127.0.0.1:8080/"
        );
}
