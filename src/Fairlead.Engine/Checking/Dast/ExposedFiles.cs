using System.Text.RegularExpressions;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Checking.Dast;

/// <summary>
/// Files that get onto servers by mistake. What comes back is told by its content: many sites answer every path with the same page.
/// </summary>
internal static partial class ExposedFiles
{
    public static IReadOnlyList<(string Path, string Rule, Severity Severity, Func<CallAnswer, bool> Is)> All { get; } =
    [
        ("/.git/HEAD", "git-exposed", Severity.High, static one => GitHead().IsMatch(one.Text)),
        (
            "/.git/config",
            "git-exposed",
            Severity.High,
            static one => one.Text.Contains("[core]", StringComparison.Ordinal) && !IsPage(one)
        ),
        ("/.env", "env-exposed", Severity.Critical, IsVariables),
        ("/.env.production", "env-exposed", Severity.Critical, IsVariables),
        ("/.env.local", "env-exposed", Severity.Critical, IsVariables),
        ("/.htpasswd", "passwords-exposed", Severity.Critical, static one => Passwords().IsMatch(one.Text)),
        ("/.svn/wc.db", "svn-exposed", Severity.High, static one => one.Body.AsSpan().StartsWith("SQLite format 3"u8)),
        (
            "/.DS_Store",
            "listing-exposed",
            Severity.Low,
            static one => one.Body.AsSpan().StartsWith((byte[])[0, 0, 0, 1, (byte)'B', (byte)'u', (byte)'d', (byte)'1'])
        ),
        ("/backup.zip", "backup-exposed", Severity.High, static one => one.Body.AsSpan().StartsWith("PK\x03\x04"u8)),
        (
            "/backup.tar.gz",
            "backup-exposed",
            Severity.High,
            static one => one.Body.AsSpan().StartsWith((byte[])[0x1f, 0x8b])
        ),
        ("/backup.sql", "backup-exposed", Severity.Critical, IsDump),
        ("/dump.sql", "backup-exposed", Severity.Critical, IsDump),
        ("/database.sql", "backup-exposed", Severity.Critical, IsDump),
        (
            "/index.php~",
            "source-exposed",
            Severity.High,
            static one => one.Text.Contains("<?php", StringComparison.Ordinal)
        ),
        (
            "/index.php.bak",
            "source-exposed",
            Severity.High,
            static one => one.Text.Contains("<?php", StringComparison.Ordinal)
        ),
        (
            "/config.php.bak",
            "source-exposed",
            Severity.High,
            static one => one.Text.Contains("<?php", StringComparison.Ordinal)
        ),
        (
            "/web.config",
            "config-exposed",
            Severity.Medium,
            static one => one.Text.Contains("<configuration", StringComparison.Ordinal)
        ),
        (
            "/appsettings.json",
            "config-exposed",
            Severity.High,
            static one =>
                one.Text.TrimStart().StartsWith('{')
                && one.Text.Contains("\"ConnectionStrings\"", StringComparison.Ordinal)
        ),
        (
            "/phpinfo.php",
            "diagnosis-exposed",
            Severity.Medium,
            static one => one.Text.Contains("PHP Version", StringComparison.Ordinal)
        ),
        (
            "/server-status",
            "diagnosis-exposed",
            Severity.Medium,
            static one => one.Text.Contains("Apache Server Status", StringComparison.Ordinal)
        ),
        (
            "/actuator/env",
            "diagnosis-exposed",
            Severity.High,
            static one => one.Text.Contains("\"propertySources\"", StringComparison.Ordinal)
        ),
        (
            "/debug/pprof/",
            "diagnosis-exposed",
            Severity.Medium,
            static one =>
                one.Text.Contains("/debug/pprof/", StringComparison.Ordinal)
                && one.Text.Contains("goroutine", StringComparison.Ordinal)
        ),
    ];

    private static bool IsPage(CallAnswer answer) => answer.Text.TrimStart().StartsWith('<');

    private static bool IsVariables(CallAnswer answer) => !IsPage(answer) && Variable().Count(answer.Text) > 0;

    private static bool IsDump(CallAnswer answer) => !IsPage(answer) && Dump().IsMatch(answer.Text);

    [GeneratedRegex(@"^(ref: refs/|[0-9a-f]{40}\s*$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex GitHead();

    [GeneratedRegex(
        @"^(export )?[A-Z][A-Z0-9_]{1,60}=",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.Multiline
    )]
    private static partial Regex Variable();

    [GeneratedRegex(
        @"^[\w.-]{1,60}:(\$(apr1|2[aby]|5|6)\$|\{SHA\})",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.Multiline
    )]
    private static partial Regex Passwords();

    [GeneratedRegex(@"CREATE TABLE|INSERT INTO", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Dump();
}
