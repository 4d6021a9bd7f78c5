using Fairlead.Engine.Manifests.Detecting.Reading;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>What the files of a Python project say it needs, under normalized names (PEP 503).</summary>
/// <param name="Tool">Who installs: <c>pip</c>, <c>uv</c>, <c>poetry</c> or <c>pipenv</c>; null when nothing is to be installed.</param>
internal sealed record PythonProject(IReadOnlyDictionary<string, Evidence> Named, string? Tool) : Dependencies(Named)
{
    private const string Requirements = "requirements.txt";
    private const string Project = "pyproject.toml";

    public required Toml Toml { get; init; }

    public static PythonProject Read(Sight sight)
    {
        Dictionary<string, Evidence> named = [];
        var toml = Toml.Read(sight, Project);
        Requirement(sight, named);
        foreach (var (word, line) in toml.List("project", "dependencies"))
        {
            Add(named, word, new(Project, line, ""));
        }
        foreach (
            var entry in toml.Entries.Where(entry => entry is { Table: "tool.poetry.dependencies", Key.Length: > 0 })
        )
        {
            Add(named, entry.Key, new(Project, entry.Line, ""));
        }
        foreach (
            var entry in Toml.Read(sight, "Pipfile")
                .Entries.Where(entry => entry is { Table: "packages", Key.Length: > 0 })
        )
        {
            Add(named, entry.Key, new("Pipfile", entry.Line, ""));
        }
        return new(named, Installer(sight, toml)) { Toml = toml };
    }

    private static string? Installer(Sight sight, Toml toml) =>
        sight.HasFile("uv.lock") ? "uv"
        : sight.HasFile("poetry.lock") || toml.First("tool.poetry.dependencies") is not null ? "poetry"
        : sight.HasFile(Requirements) ? "pip"
        : sight.HasFile("Pipfile") ? "pipenv"
        : toml.First("project") is not null ? "pip"
        : null;

    private static void Requirement(Sight sight, Dictionary<string, Evidence> named)
    {
        var lines = sight.Lines(Requirements);
        for (var at = 0; at < lines.Count; at++)
        {
            Add(named, lines[at], new(Requirements, at + 1, ""));
        }
    }

    // fastapi[standard]>=0.110 ; python_version > "3.8"   # why
    private static void Add(Dictionary<string, Evidence> named, string requirement, Evidence where)
    {
        var text = requirement.Trim();
        var length = text.AsSpan().IndexOfAnyExcept(NameLetters);
        var name = (length < 0 ? text : text[..length]).ToLowerInvariant().Replace('_', '-').Replace('.', '-');
        if (name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name != "python")
        {
            named.TryAdd(name, where with { Says = $"depends on {name}" });
        }
    }

    private static readonly System.Buffers.SearchValues<char> NameLetters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    );
}
