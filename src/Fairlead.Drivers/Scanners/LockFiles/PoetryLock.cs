using System.Buffers;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>Poetry's <c>poetry.lock</c>.</summary>
internal sealed class PoetryLock() : LockReader(Ecosystem.PyPI, "poetry.lock")
{
    // [[package]]
    // name = "django"
    // version = "4.2.1"
    // category = "main"            (before 1.5; later: groups = ["main", "dev"])
    // [package.dependencies]
    // asgiref = ">=3.6.0"
    protected override void Read(string text, Found found)
    {
        Component? last = null;
        foreach (var table in TomlTable.Read(text))
        {
            if (table.Name == "package")
            {
                Add(last, found);
                last = new(Ecosystem.PyPI, Names.Python(table.Word("name") ?? ""), table.Word("version") ?? "")
                {
                    Line = table.Line,
                    IsDevelopment =
                        table.Word("category") == "dev"
                        || (table.Words("groups").ToList() is { Count: > 0 } groups && !groups.Contains("main")),
                };
            }
            else if (table.Name == "package.dependencies" && last is not null)
            {
                last = last with { Needs = [.. table.Values.Keys.Select(Names.Python)] };
            }
        }
        Add(last, found);
    }

    private static void Add(Component? component, Found found)
    {
        if (component is not null)
        {
            found.Add(component);
        }
    }
}

/// <summary>uv's <c>uv.lock</c>.</summary>
internal sealed class UvLock() : LockReader(Ecosystem.PyPI, "uv.lock")
{
    // [[package]]
    // name = "django"
    // version = "4.2.1"
    // source = { registry = "https://pypi.org/simple" }      (the project itself: { virtual = "." })
    // dependencies = [ { name = "asgiref" }, { name = "sqlparse" } ]
    protected override void Read(string text, Found found)
    {
        foreach (var table in TomlTable.Read(text).Where(static one => one.Name == "package"))
        {
            var source = table.Word("source") ?? "";
            if (
                source.Contains("virtual", StringComparison.Ordinal)
                || source.Contains("editable", StringComparison.Ordinal)
                || source.Contains("workspace", StringComparison.Ordinal)
            )
            {
                continue;
            }
            found.Add(
                new(Ecosystem.PyPI, Names.Python(table.Word("name") ?? ""), table.Word("version") ?? "")
                {
                    Line = table.Line,
                    Needs = [.. table.Named("dependencies").Select(Names.Python)],
                }
            );
        }
    }
}

/// <summary>Pipenv's <c>Pipfile.lock</c>.</summary>
internal sealed class PipfileLock() : LockReader(Ecosystem.PyPI, "Pipfile.lock")
{
    // { "default": { "django": { "version": "==4.2.1" } }, "develop": { ... } }
    protected override void Read(string text, Found found)
    {
        using var document = Json(text);
        foreach (var (group, isDevelopment) in ((string, bool)[])[("default", false), ("develop", true)])
        {
            foreach (var package in Members(Group(document.RootElement, group)))
            {
                if (Word(package.Value, "version") is not ['=', '=', .. var version])
                {
                    found.MissIn($"'{package.Name}' has no exact version.");
                    continue;
                }
                found.Add(new(Ecosystem.PyPI, Names.Python(package.Name), version) { IsDevelopment = isDevelopment });
            }
        }
    }
}

/// <summary>pip's <c>requirements.txt</c>, as far as it names exact versions.</summary>
internal sealed class Requirements() : LockReader(Ecosystem.PyPI, "requirements.txt")
{
    private static readonly SearchValues<char> Inexact = SearchValues.Create(",*<>! ");

    public override bool Reads(string path) =>
        FileOf(path) is var file
        && file.StartsWith("requirements", StringComparison.Ordinal)
        && file.EndsWith(".txt", StringComparison.Ordinal);

    // Django[argon2]==4.2.1 ; python_version > "3.8" --hash=sha256:...  # why
    protected override void Read(string text, Found found)
    {
        var (number, isOption) = (0, false);
        foreach (var written in text.Split('\n'))
        {
            number++;
            var comment = written.StartsWith('#') ? 0 : written.IndexOf(" #", StringComparison.Ordinal);
            var line = (comment < 0 ? written : written[..comment]).Trim();
            var wasOption = isOption;
            isOption = line.EndsWith('\\');
            // --hash lines go on after a backslash.
            if (line.Length == 0 || line[0] == '-' || (wasOption && line.StartsWith("--", StringComparison.Ordinal)))
            {
                if (
                    line.StartsWith("-r", StringComparison.Ordinal)
                    || !line.StartsWith('-')
                    || line.StartsWith("--", StringComparison.Ordinal)
                )
                {
                    continue;
                }
                found.MissIn($"line {number} names no exact version: {Cut(line)}");
                continue;
            }
            var requirement = line.TrimEnd('\\').Split(';')[0].Split(" --")[0].Trim();
            var at = requirement.IndexOf("==", StringComparison.Ordinal);
            var version = at < 0 ? "" : requirement[(at + 2)..].TrimStart('=').Trim();
            if (at <= 0 || version.Length == 0 || version.AsSpan().ContainsAny(Inexact))
            {
                found.MissIn($"line {number} names no exact version: {Cut(requirement)}");
                continue;
            }
            found.Add(
                new(Ecosystem.PyPI, Names.Python(requirement[..at].Split('[')[0].Trim()), version) { Line = number }
            );
        }
    }

    private static string Cut(string text) => text.Length <= 60 ? text : text[..60] + "...";
}

/// <summary>Names as their registries compare them.</summary>
internal static class Names
{
    /// <summary>PEP 503: lower case, and any run of <c>-</c>, <c>_</c> and <c>.</c> is one dash.</summary>
    public static string Python(string name) =>
        string.Join('-', name.ToLowerInvariant().Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries));
}
