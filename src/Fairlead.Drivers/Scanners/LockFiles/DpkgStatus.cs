using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>dpkg's list of what is installed: <c>var/lib/dpkg/status</c>, and <c>status.d</c> of images without a shell.</summary>
internal sealed class DpkgStatus() : LockReader(Ecosystem.Debian, "dpkg/status")
{
    public override bool Reads(string path) =>
        path.EndsWith("dpkg/status", StringComparison.Ordinal)
        || (
            path.Contains("dpkg/status.d/", StringComparison.Ordinal)
            && !path.EndsWith(".md5sums", StringComparison.Ordinal)
        );

    // Package: libssl3
    // Status: install ok installed
    // Source: openssl (3.0.9-1)
    // Version: 3.0.9-1
    // Depends: libc6 (>= 2.34), debconf (>= 0.5) | debconf-2.0
    protected override void Read(string text, Found found)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var (number, begins) = (0, 1);
        foreach (var written in text.AsSpan().EnumerateLines())
        {
            number++;
            if (written.Trim().IsEmpty)
            {
                Add(fields, begins, found);
                fields.Clear();
                begins = number + 1;
            }
            else if (written[0] is not (' ' or '\t'))
            {
                var colon = written.IndexOf(':');
                if (colon <= 0)
                {
                    throw new FormatException($"Line {number} is no field.");
                }
                fields[written[..colon].ToString()] = written[(colon + 1)..].Trim().ToString();
            }
        }
        Add(fields, begins, found);
    }

    private static void Add(Dictionary<string, string> fields, int line, Found found)
    {
        if (
            !fields.TryGetValue("Package", out var name)
            || (
                fields.TryGetValue("Status", out var status) && !status.EndsWith(" installed", StringComparison.Ordinal)
            )
        )
        {
            return;
        }
        var source = fields.GetValueOrDefault("Source", name).Split(' ')[0];
        var needs = fields.GetValueOrDefault("Depends", "") + "," + fields.GetValueOrDefault("Pre-Depends", "");
        found.Add(
            new(Ecosystem.Debian, name, fields.GetValueOrDefault("Version", ""))
            {
                Line = line,
                SourceName = source == name ? null : source,
                SourceVersion = fields.GetValueOrDefault("Source", "").Split(' ') is [_, ['(', .. var version, ')']]
                    ? version
                    : null,
                Needs =
                [
                    .. needs
                        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                        .Select(static one => one.Split('|')[0].Trim().Split(' ', ':')[0]),
                ],
            }
        );
    }
}
