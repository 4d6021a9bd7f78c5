using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>Yarn's <c>yarn.lock</c>, of version 1 and of Berry, which differ in their colons alone.</summary>
internal sealed class YarnLock() : LockReader(Ecosystem.Npm, "yarn.lock")
{
    // "@babel/core@^7.0.0", "@babel/core@^7.1.0":
    //   version "7.2.0"                              (Berry: version: 7.2.0)
    //   resolved "https://..."                       (Berry: resolution: "@babel/core@npm:7.2.0")
    //   dependencies:
    //     "@babel/types" "^7.2.0"
    protected override void Read(string text, Found found)
    {
        List<(Component Component, IReadOnlyList<Indented> Needs)> all = [];
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Indented.Read(text).Where(static one => one.Key != "__metadata"))
        {
            string[] patterns = [.. entry.Key.Split(',').Select(static one => one.Trim().Trim('"'))];
            if (entry.Find("version") is not { Length: > 0 } version || NameOf(patterns[0]) is not { } name)
            {
                found.MissIn($"line {entry.Number} is no package with a version.");
                continue;
            }
            var resolution = entry.Find("resolution") ?? "";
            if (
                resolution.Contains("@workspace:", StringComparison.Ordinal)
                || patterns[0].Contains("@workspace:", StringComparison.Ordinal)
            )
            {
                continue;
            }
            if (NameOf(resolution) is { } resolved)
            {
                name = resolved;
            }
            else if (
                patterns[0].IndexOf("@npm:", StringComparison.Ordinal) is > 0 and var alias
                && NameOf(patterns[0][(alias + 5)..]) is { } meant
            )
            {
                name = meant;
            }
            var component = new Component(Ecosystem.Npm, name, version)
            {
                Line = entry.Number,
                Integrity = entry.Find("integrity") ?? entry.Find("checksum"),
            };
            foreach (var pattern in patterns)
            {
                keys[pattern.Replace("@npm:", "@", StringComparison.Ordinal)] = component.Key;
            }
            all.Add((component, [.. entry.Under("dependencies"), .. entry.Under("optionalDependencies")]));
        }
        foreach (var (component, needs) in all)
        {
            found.Add(
                component with
                {
                    Needs =
                    [
                        .. needs
                            .Select(need =>
                                keys.GetValueOrDefault(
                                    $"{need.Key}@{need.Value.Replace("npm:", "", StringComparison.Ordinal)}"
                                )
                            )
                            .OfType<string>(),
                    ],
                }
            );
        }
    }

    // @scope/name@^1.0.0
    private static string? NameOf(string pattern)
    {
        var at = pattern.Length == 0 ? -1 : pattern.IndexOf('@', 1);
        return at < 0 ? null : pattern[..at];
    }
}
