using System.Text.RegularExpressions;
using Fairlead.Engine.Guarding;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Checking.Dast;

/// <summary>What an answer shows by itself, whatever was asked.</summary>
internal static partial class PassiveLooks
{
    private const int LettersMax = 512 * 1024;

    /// <summary>Headers and cookies of a page, by the same rules as 'fairlead security headers'.</summary>
    public static IEnumerable<Weakness> Headers(Uri url, CallAnswer answer) =>
        HeaderGrade
            .Of(new SeenAnswer(url, answer.Status, answer.Headers))
            // On this machine nobody listens in.
            .Findings.Where(one => one.Header != "(scheme)" || !url.IsLoopback)
            .Select(one => new Weakness(
                one.Points >= 20 ? Severity.Medium : Severity.Low,
                one.Header == "Set-Cookie" ? "cookie" : "header",
                $"GET {url.PathAndQuery}: {one.Header}",
                one.What,
                "Browsers protect visitors by what headers say.",
                one.Fix
            ));

    /// <summary>What the body of any answer tells.</summary>
    public static IEnumerable<Weakness> Body(string where, Uri url, CallAnswer answer)
    {
        var text = answer.Text is { Length: <= LettersMax } all ? all : answer.Text[..LettersMax];
        if (Trace().Match(text) is { Success: true } trace)
        {
            yield return new(
                Severity.Medium,
                "stack-trace",
                where,
                $"An error is shown with its stack: {Shown(trace.Value)}",
                "It tells of files, libraries and versions.",
                "Show visitors a plain page, and keep the trace in the log: switch the debugging of the framework off."
            );
        }
        if (answer.Status == 200 && Listing().IsMatch(text))
        {
            yield return new(
                Severity.Medium,
                "directory-listing",
                where,
                "A folder is listed.",
                "Whoever looks finds what was never linked.",
                "Switch listings off (nginx: autoindex off; Apache: Options -Indexes)."
            );
        }
        if (url.Scheme == "https" && Mixed().Match(text) is { Success: true } mixed)
        {
            yield return new(
                Severity.Medium,
                "mixed-content",
                where,
                $"A page over HTTPS loads over HTTP: {Shown(mixed.Groups["at"].Value)}",
                "Whoever sits between can change what is loaded.",
                "Load it over https://."
            );
        }
    }

    private static string Shown(string text)
    {
        const int Most = 100;
        var line = string.Concat(text.Select(static one => char.IsControl(one) ? ' ' : one)).Trim();
        return line.Length > Most ? line[..Most] + "..." : line;
    }

    // at Shop.Cart.Add() in /src/Cart.cs:line 12 | Traceback (most recent call last): | at Object.<anonymous> (/app/x.js:1:2)
    // | at com.acme.Cart.add(Cart.java:12) | Fatal error: Uncaught ... in /var/www/x.php:3 | goroutine 1 [running]: | x.rb:12:in `add'
    [GeneratedRegex(
        @"   at [\w.<>`+]+\([^)\n]*\) in [^\n]{1,200}:line [0-9]+|Traceback \(most recent call last\)|at [^\n(]{1,100}\((/|file:///|node:)[^\n)]{1,200}:[0-9]+:[0-9]+\)|at [\w.$]+\([\w]+\.java:[0-9]+\)|Fatal error: Uncaught [^\n]{1,200}\.php:[0-9]+|goroutine [0-9]+ \[running\]|\.rb:[0-9]+:in [`'][^\n']{1,100}'",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Trace();

    [GeneratedRegex(
        @"<title>\s*(Index of /|Directory listing for /|Directory: /)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
    )]
    private static partial Regex Listing();

    [GeneratedRegex(
        @"<(?:script|img|iframe|audio|video|source|embed)\b[^>]*\bsrc\s*=\s*[""']?(?<at>http://[^""'\s>]+)|<link\b[^>]*\bhref\s*=\s*[""']?(?<at>http://[^""'\s>]+)[^>]*rel\s*=\s*[""']?stylesheet",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
    )]
    private static partial Regex Mixed();
}
