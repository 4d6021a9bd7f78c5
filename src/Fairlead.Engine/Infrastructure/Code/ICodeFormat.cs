using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code;

/// <summary>Writes a graph as code of a tool, which a team may take and go on with.</summary>
public interface ICodeFormat
{
    /// <summary>As it is asked for, such as <c>terraform</c>.</summary>
    string Name { get; }

    /// <summary>For which clouds it can.</summary>
    IReadOnlyList<CloudKind> Clouds { get; }

    /// <returns>The same for the same graph and settings, letter by letter.</returns>
    CodeFiles Write(ResourceGraph graph, CodeSettings settings);
}

/// <summary>What is said of code beside the graph.</summary>
public sealed record CodeSettings
{
    /// <summary>Where Terraform keeps its state.</summary>
    public StatePlace? State { get; init; }
}

/// <summary>Where a team keeps Terraform's state.</summary>
/// <param name="Kind">As Terraform calls the backend: <c>s3</c>, <c>gcs</c>, <c>azurerm</c> or <c>http</c>.</param>
/// <param name="Settings">Of the backend, in Terraform's own words; no secrets.</param>
public sealed record StatePlace(string Kind, IReadOnlyDictionary<string, string> Settings);

/// <summary>Code, by file.</summary>
/// <param name="Notes">What could not be said as the graph says it, each a sentence.</param>
public sealed record CodeFiles(IReadOnlyList<CodeFile> Files, IReadOnlyList<string> Notes);

/// <summary>What to know of code.</summary>
/// <param name="Resource">The resource of the graph that it is about, by name; null for all of it.</param>
internal sealed record CodeNote(string? Resource, string Sentence);

/// <summary>A file of code.</summary>
/// <param name="Path">Within the folder it is written to, with <c>/</c>.</param>
public sealed record CodeFile(string Path, string Text);
