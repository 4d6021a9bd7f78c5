using System.Globalization;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>pnpm's <c>pnpm-lock.yaml</c>, of its versions 5 to 9.</summary>
internal sealed class PnpmLock() : LockReader(Ecosystem.Npm, "pnpm-lock.yaml")
{
    private const int NewKeysSince = 6;

    // 5:  /@babel/core/7.2.0:     6:  /@babel/core@7.2.0(peer@1.0.0):     9:  '@babel/core@7.2.0':
    protected override void Read(string text, Found found)
    {
        var roots = Indented.Read(text);
        var written = roots.FirstOrDefault(static one => one.Key == "lockfileVersion")?.Value ?? "";
        if (!double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var version))
        {
            throw new FormatException("It says no lockfileVersion.");
        }
        var snapshots = Of(roots, "snapshots").ToLookup(one => Parts(one.Key, version), static one => one);
        foreach (var package in Of(roots, "packages"))
        {
            if (Parts(package.Key, version) is not var (name, number) || Has(package.Key, ':'))
            {
                found.MissIn($"line {package.Number} names no version that can be looked up.");
                continue;
            }
            var needs = package.Under("dependencies").Concat(package.Under("optionalDependencies"));
            needs = needs.Concat(
                snapshots[(name, number)]
                    .SelectMany(static one => one.Under("dependencies").Concat(one.Under("optionalDependencies")))
            );
            found.Add(
                new(Ecosystem.Npm, name, number)
                {
                    Line = package.Number,
                    IsDevelopment = package.Find("dev") == "true",
                    Integrity = IntegrityOf(package),
                    Needs = [.. needs.Select(static need => $"{need.Key}@{WithoutPeers(need.Value)}")],
                }
            );
        }
    }

    private static List<Indented> Of(IReadOnlyList<Indented> roots, string key) =>
        roots.FirstOrDefault(one => one.Key == key)?.Below ?? [];

    private static (string Name, string Version)? Parts(string key, double version)
    {
        var plain = WithoutPeers(key.TrimStart('/'));
        var at = version >= NewKeysSince ? plain.LastIndexOf('@') : plain.LastIndexOf('/');
        return at <= 0 ? null : (plain[..at], plain[(at + 1)..]);
    }

    // 7.2.0(react@18.0.0)  or  7.2.0_react@18.0.0
    private static string WithoutPeers(string text)
    {
        var at = text.IndexOf('(', StringComparison.Ordinal);
        var plain = at < 0 ? text : text[..at];
        var under = plain.LastIndexOf('_');
        return under > 0 && char.IsAsciiDigit(plain[Math.Max(plain.LastIndexOfAny(['/', '@'], under - 1) + 1, 0)])
            ? plain[..under]
            : plain;
    }

    private static bool Has(string text, char letter) => text.Contains(letter, StringComparison.Ordinal);

    // resolution: {integrity: sha512-...}
    private static string? IntegrityOf(Indented package)
    {
        var resolution = package.Find("resolution") ?? "";
        var at = resolution.IndexOf("integrity: ", StringComparison.Ordinal);
        return at < 0 ? null : resolution[(at + 11)..].Split(',', '}')[0].Trim();
    }
}
